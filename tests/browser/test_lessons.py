"""The lessons in a real browser: reached by the menu and cold, moved, drawn on, clicked."""

from __future__ import annotations

import io

import lab_page as lab
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from viz.lessons import LESSONS

OTHERS = [lesson.slug for lesson in LESSONS if lesson.slug != "lab"]


def open_lesson(page: Page, server: str, slug: str, **query: str) -> None:
    lab.open_lab(page, f"{server}{slug}", **{"working_size_px": "96", **query})


def panel(page: Page, title: str) -> Locator:
    """The panel under this title."""
    return page.locator(".panels section").filter(has=page.get_by_text(title, exact=True))


def middle(page: Page, canvas: Locator, across: float = 0.5, down: float = 0.5) -> None:
    """Moves the mouse to a place on a canvas."""
    canvas.scroll_into_view_if_needed()
    rect = canvas.bounding_box()
    assert rect is not None
    page.mouse.move(rect["x"] + rect["width"] * across, rect["y"] + rect["height"] * down)


def test_the_menu_leads_to_every_lesson_with_the_same_picture(page: Page, server: str) -> None:
    lab.open_lab(page, server, picture="chelsea", working_size_px="96")
    for lesson in LESSONS[1:]:
        page.get_by_test_id("stSidebarNav").get_by_role("link", name=lesson.title).click()
        page.get_by_role("heading", name=lesson.title, exact=True).wait_for()
        lab.wait_ready(page)
        lab.wait_until(page, lambda: lab.query(page).get("picture") == "chelsea")
        assert f"/{lesson.slug}" in page.url
    page.get_by_role("link", name=f"← {LESSONS[-2].title}").click()
    page.get_by_role("heading", name=LESSONS[-2].title, exact=True).wait_for()


@pytest.mark.parametrize("slug", OTHERS)
def test_cold_on_a_phone_nothing_scrolls_sideways_or_leaves_the_machine(
    slug: str, page: Page, server: str
) -> None:
    outside: list[str] = []

    def stop(route) -> None:
        if route.request.url.startswith((server, "data:", "blob:")):
            route.continue_()
        else:
            outside.append(route.request.url)
            route.abort()

    page.route("**/*", stop)
    page.set_viewport_size({"width": 390, "height": 844})
    open_lesson(page, server, slug)
    words = page.locator("[data-testid=stMarkdownContainer]").all_inner_texts()
    assert len(" ".join(words)) > 300
    page.get_by_role("radio").last.wait_for(state="attached")
    for button in page.locator(".st-key-part button").all():
        button.click()
        lab.settle(page)
        wide = page.evaluate(
            "() => { const m = document.querySelector('[data-testid=stMain]'); return m.scrollWidth - m.clientWidth }"
        )
        assert wide <= 0, button.inner_text()
    assert not outside


def test_a_cell_of_the_matrix_is_dragged_and_the_maps_follow(page: Page, server: str) -> None:
    open_lesson(page, server, "pointwise")
    page.locator("canvas.matrix").click(position={"x": 8, "y": 8})
    before = lab.drawn(page)
    slider = page.locator("#cell")
    slider.focus()
    for _ in range(6):
        slider.press("ArrowRight")
    lab.wait_until(page, lambda: lab.drawn(page) > before)
    lab.wait_until(page, lambda: "pointwise_edits" in lab.query(page))
    assert lab.query(page)["pointwise_edits"].startswith("0.0.")


def test_a_rectangle_on_the_photo_lights_points(page: Page, server: str) -> None:
    open_lesson(page, server, "pointwise", part="space")
    photo = panel(page, "Draw a rectangle").locator("canvas.overlay")
    photo.wait_for()
    page.get_by_text("points are lit").wait_for()
    before = page.get_by_text("points are lit").inner_text()
    middle(page, photo, 0.1, 0.1)
    page.mouse.down()
    middle(page, photo, 0.5, 0.6)
    middle(page, photo, 0.95, 0.9)
    page.mouse.up()
    lab.wait_until(page, lambda: "region" in lab.query(page))
    top, left, bottom, right = map(int, lab.query(page)["region"].split("."))
    assert top < 250 < 600 < bottom
    assert left < 250 < 800 < right
    lab.wait_until(page, lambda: page.get_by_text("points are lit").inner_text() != before)
    photo.focus()
    page.keyboard.press("ArrowUp")
    lab.wait_until(page, lambda: int(lab.query(page)["region"].split(".")[0]) == max(0, top - 20))
    page.reload()
    lab.wait_ready(page)
    assert int(lab.query(page)["region"].split(".")[0]) == max(0, top - 20)


def test_the_pointer_in_one_panel_is_read_in_all(page: Page, server: str) -> None:
    open_lesson(page, server, "pointwise", part="merge", pointwise_recipe="whitening")
    through = panel(page, "Through both layers")
    through.wait_for()
    middle(page, through.locator("canvas.overlay"), 0.1, 0.1)
    shown = [through.locator(".value"), panel(page, "Through the product").locator(".value")]
    lab.wait_until(page, lambda: "row" in shown[0].inner_text())
    assert shown[0].inner_text() == shown[1].inner_text()
    assert panel(page, "First matrix").locator(".value").inner_text() == ""


def test_the_stepper_steps_beside_the_maps(page: Page, server: str) -> None:
    open_lesson(page, server, "pointwise")
    slider = lab.slider(page, "Output pixel")
    slider.focus()
    slider.press("End")
    assert page.get_by_text("48 of 48").is_visible()


def test_the_bars_follow_the_pointer(page: Page, server: str) -> None:
    open_lesson(page, server, "cross_channel_pooling")
    bars = page.locator("canvas[data-kept]")
    bars.wait_for()
    kept = set()
    for across in (0.05, 0.12, 0.2, 0.27):
        middle(page, lab.pointer(page), across, 0.2)
        kept.add(bars.get_attribute("data-kept"))
    assert len(kept) > 1
    winners = [int(n) for n in (bars.get_attribute("data-kept") or "").split()]
    assert len(winners) == 5
    assert all(0 <= n < 10 for n in winners)


def test_winners_are_drawn_as_classes(page: Page, server: str) -> None:
    open_lesson(page, server, "cross_channel_pooling")
    before = lab.drawn(page)
    page.get_by_role("switch", name="Show who wins").check()
    lab.wait_until(page, lambda: lab.drawn(page) > before)
    page.locator(".maps .class").filter(has_text="4 px φ90°").wait_for()
    lab.settle(page)
    middle(page, lab.pointer(page), 0.1, 0.1)
    lab.wait_until(page, lambda: "px" in page.locator(".reading").inner_text())


def test_a_slider_says_in_words_what_its_steps_mean(page: Page, server: str) -> None:
    open_lesson(page, server, "pooling_order")
    slider = page.get_by_role("slider", name="Average to max")
    expect(slider).to_have_attribute("aria-valuetext", "max")
    slider.press("ArrowLeft")
    expect(slider).to_have_attribute("aria-valuetext", "β = 1000")
    slider.press("Home")
    expect(page.locator("output[for=beta]")).to_have_text("average")
    lab.wait_until(page, lambda: lab.query(page).get("beta") == "0")


def test_the_grating_is_one_click_away(page: Page, server: str) -> None:
    open_lesson(page, server, "strided", part="saying", working_size_px="224", stride="2")
    page.get_by_text("the statement holds").wait_for()
    page.get_by_role("button", name="Show where it fails").click()
    page.get_by_text("the statement does not hold").wait_for()
    lab.settle(page)
    assert lab.query(page)["picture"] == "stripes"
    page.go_back()
    page.get_by_text("the statement holds").wait_for()


def test_the_moving_picture_can_be_saved(page: Page, server: str) -> None:
    open_lesson(page, server, "strided", part="step", grid_rows="7", grid_columns="5")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as an animation").click()
    with Image.open(io.BytesIO(download.value.path().read_bytes())) as image:
        assert (image.format, getattr(image, "n_frames", 1)) == ("GIF", 4 * 3)


@pytest.mark.parametrize("slug", OTHERS)
def test_pin_flip_and_several_pictures_work_in_every_lesson(
    slug: str, page: Page, server: str
) -> None:
    open_lesson(page, server, slug)
    page.keyboard.press("p")
    lab.wait_until(page, lambda: "pinned" in lab.query(page))
    assert "part" not in lab.query(page)["pinned"]
    page.keyboard.press("d")
    lab.wait_until(page, lambda: lab.query(page).get("showing") == "difference")
    lab.settle(page)
    page.get_by_text("largest difference 0").wait_for()
    page.keyboard.press("0")
    lab.wait_until(page, lambda: "pinned" not in lab.query(page))
    page.get_by_text("Several side by side").click()
    lab.wait_until(page, lambda: "others" in lab.query(page))
    lab.wait_until(page, lambda: len(lab.tiles(page)) == 4)
