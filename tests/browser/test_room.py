"""A lecture: one lecturer, and three followers on canvases of their own, of whom one comes late."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import lab_page as lab
import pytest
from lab_page import PATIENCE_MS
from playwright.sync_api import Browser, Locator, Page, expect
from test_lessons import open_lesson

from viz import lessons
from viz.languages import CHINESE
from viz.lessons import entry
from viz.text import Text
from viz.translations import translate

FOLLOWS = "You follow the lecturer"
PARTS = lessons.load("strided").setting.controls()["part"].options


@dataclass
class Hall:
    """The lecturer's page and those of the followers, all of one room.

    Attributes:
        address: of the server.
        new: opens a page in a browser of its own.
    """

    address: str
    new: Callable[[], Page]
    lecturer: Page
    code: str
    followers: list[Page] = field(default_factory=list)

    def comes(self, **query: str) -> Page:
        """One more follower, once the canvas has what the lecturer shows."""
        page = self.new()
        lab.open_lab(page, self.address, room=self.code, **query)
        expect(strip(page)).to_be_visible()
        self.followers.append(page)
        return page


def strip(page: Page) -> Locator:
    """What stands above the page of a follower."""
    return page.locator(".st-key-room .banner")


def stride(page: Page) -> str:
    return page.locator(".canvas #stride").input_value()


def maps_shape(page: Page) -> str:
    """Rows and columns of the drawn maps, as their description says."""
    return (lab.maps(page).get_attribute("aria-label") or "").split(" maps")[0]


def waits(page: Page, true: Callable[[], bool]) -> None:
    lab.wait_until(page, true)


def _box(element: Locator) -> tuple[float, float, float, float]:
    """Left, top, width and height, in CSS px."""
    box = element.bounding_box()
    assert box is not None
    return box["x"], box["y"], box["width"], box["height"]


def _middle(element: Locator) -> tuple[float, float]:
    left, top, wide, tall = _box(element)
    return left + wide / 2, top + tall / 2


@pytest.fixture(scope="module")
def hall(browser: Browser, server: str) -> Iterator[Hall]:
    """A lecturer who shares the lesson on strides, with two followers."""
    errors: list[str] = []
    contexts = []

    def new() -> Page:
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    lecturer = new()
    open_lesson(lecturer, server, "strided")
    lecturer.keyboard.press("s")
    shown = lecturer.locator(".invitation .code")
    shown.wait_for()
    code = shown.inner_text()
    expect(lecturer.locator(".invitation img")).to_have_js_property("complete", value=True)
    assert lecturer.locator(".invitation img").evaluate("image => image.naturalWidth > 0")
    lecturer.get_by_role("button", name="Close").click()
    hall = Hall(server, new, lecturer, code)
    for _ in range(2):
        waits(hall.comes(), lambda: "/strided" in hall.followers[-1].url)
        lab.wait_ready(hall.followers[-1])
    yield hall
    for context in contexts:
        context.close()
    assert not errors, errors


def test_a_drag_is_followed_before_its_release(hall: Hall) -> None:
    entries = [page.evaluate("history.length") for page in hall.followers]
    thumb = lab.Thumb(hall.lecturer, "Stride")
    for value, rows in ((7, 14), (3, 32), (2, 48)):
        thumb.to(value)
        for page in hall.followers:
            waits(page, lambda page=page, rows=rows: maps_shape(page) == f"1 × {rows} × {rows}")
            assert stride(page) == str(value)
        assert "stride" not in lab.query(hall.lecturer), "it is not released"
    thumb.release()
    for page in hall.followers:
        waits(page, lambda page=page: lab.query(page).get("stride") == "2")
        lab.settle(page)
        assert lab.query(page) == {**lab.query(hall.lecturer), "room": hall.code}
        expect(strip(page)).to_contain_text(FOLLOWS)
    assert [page.evaluate("history.length") for page in hall.followers] == entries
    assert "room" not in lab.query(hall.lecturer)


def test_the_lecturers_pointer_is_a_spot_on_photo_and_map(hall: Hall) -> None:
    page = hall.followers[0]
    _, x, y, across, down = lab.tiles(hall.lecturer)[0]
    lab.pointer(hall.lecturer).hover(position={"x": x + across / 4, "y": y + down / 2})
    map_spot, photo_spot = (page.locator(f"{place} .spots i") for place in (".maps", ".field"))
    expect(map_spot).to_have_count(1)
    expect(photo_spot).to_have_count(1)
    page.wait_for_timeout(200)  # it glides there
    photo = page.locator(".field > canvas").first
    left, top, wide, tall = _box(photo)
    assert _middle(photo_spot) == pytest.approx((left + wide / 4, top + tall / 2), abs=wide / 40)
    _, x, y, across, down = lab.tiles(page)[0]
    left, top, *_ = _box(lab.pointer(page))
    spot = left + x + across / 4, top + y + down / 2
    assert _middle(map_spot) == pytest.approx(spot, abs=across / 40)
    hall.lecturer.mouse.move(5, 5)
    expect(map_spot).to_have_count(0)


def test_who_touches_the_page_is_on_their_own_and_comes_back_by_a_key(hall: Hall) -> None:
    one, other = hall.followers
    one.get_by_role("slider", name="Stride").focus()
    one.keyboard.press("ArrowRight")
    expect(strip(one)).to_contain_text("You are on your own.")
    lab.slider(hall.lecturer, "Stride").focus()
    for _ in range(3):
        hall.lecturer.keyboard.press("ArrowRight")
    waits(other, lambda: stride(other) == "5")
    assert stride(one) == "3"
    top = one.get_by_role("heading", level=1).bounding_box()
    one.keyboard.press("r")
    waits(one, lambda: stride(one) == "5")
    expect(strip(one)).to_contain_text(FOLLOWS)
    assert one.get_by_role("heading", level=1).bounding_box() == top, "nothing jumps"


def test_section_and_lesson_follow_without_an_entry(hall: Hall) -> None:
    names = list(PARTS)
    entries = [page.evaluate("history.length") for page in hall.followers]
    part = hall.lecturer.locator(".st-key-part").get_by_role("radio", name=PARTS[names[2]])
    part.click()
    for page in hall.followers:
        waits(page, lambda page=page: lab.query(page).get("part") == names[2])
        expect(page.get_by_text(f"3 of {len(names)}", exact=True)).to_be_visible()
        lab.settle(page)
    title = entry("pooling_order").title
    hall.lecturer.get_by_test_id("stSidebarNav").get_by_role("link", name=title).click()
    for page in hall.followers:
        page.get_by_role("heading", name=title, exact=True).wait_for()
        waits(page, lambda page=page: "/pooling_order" in page.url)
        lab.wait_ready(page)
        expect(strip(page)).to_contain_text(FOLLOWS)
    assert [page.evaluate("history.length") for page in hall.followers] == entries


def test_a_latecomer_sees_what_the_lecturer_shows_in_a_language_of_their_own(hall: Hall) -> None:
    lab.wait_ready(hall.lecturer)
    page = hall.comes(lang=CHINESE.tag)
    title = translate(Text(entry("pooling_order").title), CHINESE)
    page.get_by_role("heading", name=title, exact=True).wait_for()
    lab.wait_ready(page)
    expect(strip(page)).to_contain_text(translate(Text(FOLLOWS), CHINESE))
    of_the_tab = {"room": hall.code, "lang": CHINESE.tag}
    assert lab.query(page) == {**lab.query(hall.lecturer), **of_the_tab}


def test_a_second_device_of_the_lecturer_goes_on_with_the_secret(hall: Hall) -> None:
    secret = hall.lecturer.evaluate("localStorage.getItem('pointwise room')")
    device = hall.new()
    device.goto(f"{hall.address}#lead={secret}")
    device.get_by_role("heading", name=entry("pooling_order").title, exact=True).wait_for()
    lab.wait_ready(device)
    assert secret not in device.url
    expect(device.get_by_role("button", name=hall.code)).to_be_visible()
    slider = device.locator(".canvas .controls input[type=range]").first
    at = f".canvas #{slider.get_attribute('id')}"
    slider.focus()
    device.keyboard.press("End" if slider.input_value() == slider.get_attribute("min") else "Home")
    value = slider.input_value()
    for page in (hall.lecturer, *hall.followers):
        waits(page, lambda page=page: page.locator(at).input_value() == value)
    device.context.close()


def test_a_pause_holds_the_class_and_the_end_tells_everybody(hall: Hall) -> None:
    one = hall.followers[0]
    dialog = hall.lecturer.locator(".invitation")
    hall.lecturer.keyboard.press("s")
    expect(dialog.locator(".count")).to_have_text("3 follow")
    dialog.get_by_role("button", name="Pause").click()
    for page in hall.followers:
        expect(strip(page)).to_have_attribute("data-mood", "paused")
    dialog.get_by_role("button", name="Go on").click()
    expect(strip(one)).to_contain_text(FOLLOWS)
    dialog.get_by_role("button", name="End the room").click()
    expect(strip(one)).to_contain_text(FOLLOWS)
    dialog.get_by_role("button", name="End it for everybody?").click()
    for page in hall.followers:
        expect(strip(page)).to_have_attribute("data-mood", "ended")
        assert "room" not in lab.query(page)
    expect(dialog).to_be_hidden()
    one.reload()
    lab.wait_ready(one)
    expect(strip(one)).to_be_hidden()
    hall.lecturer.reload()
    lab.wait_ready(hall.lecturer)
    expect(hall.lecturer.get_by_role("button", name="Share this view")).to_be_visible()
