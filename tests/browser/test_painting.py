"""Rectangles painted on the photo: by the pointer, by keys, in the address, and what learns from them."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import lab_page as lab
import pytest
from playwright.sync_api import Locator, Page

from viz import lessons
from viz.settings import MAX_BOXES, as_text

ASK = "Paint both classes"
OPENING = [
    list(box) for box in lessons.load("network_in_network").read({"part": "train"})[1].painted
]


def open_painting(page: Page, server: str, **query: str) -> Locator:
    """Opens the section; returns the photo that is painted on."""
    fields = {"part": "train", "working_size_px": "96", "training_steps": "100", **query}
    lab.open_lab(page, f"{server}network_in_network", **fields)
    photo = page.locator(".painting canvas.overlay")
    page.locator(".painting canvas.overlay[data-boxes]").wait_for()
    photo.scroll_into_view_if_needed()
    return photo


def boxes(photo: Locator) -> list[list[int]]:
    """The rectangles that are drawn."""
    return json.loads(photo.get_attribute("data-boxes") or "null")


def in_address(page: Page) -> str | None:
    return dict(parse_qsl(urlsplit(page.url).query, keep_blank_values=True)).get("painted")


def comes_to(page: Page, photo: Locator, wanted: list[Any]) -> None:
    """Both the photo and the address have these rectangles, and nothing is on its way."""
    lab.wait_until(page, lambda: in_address(page) == as_text(tuple(map(tuple, wanted))))
    lab.settle(page)
    assert boxes(photo) == wanted


def drag(page: Page, photo: Locator, *corners: tuple[float, float]) -> None:
    """From the first corner to the last, each across and down, from 0 to 1."""
    rect, drawn = photo.bounding_box(), page.locator(".painting canvas[data-tiles]")
    assert rect is not None
    ((_, left, top, wide, tall),) = json.loads(drawn.get_attribute("data-tiles") or "null")
    for n, (across, down) in enumerate(corners):
        page.mouse.move(rect["x"] + left + across * wide, rect["y"] + top + down * tall)
        if n == 0:
            page.mouse.down()
    page.mouse.up()


def button(page: Page, name: str) -> Locator:
    return page.locator(".painting").get_by_role("button", name=name, exact=True)


def test_drawn_selected_deleted_and_cleared_by_the_pointer(page: Page, server: str) -> None:
    photo = open_painting(page, server)
    assert boxes(photo) == OPENING
    assert in_address(page) is None
    button(page, "Clear").click()
    comes_to(page, photo, [])
    page.get_by_text(ASK).wait_for()
    drag(page, photo, (0.1, 0.2), (0.3, 0.3), (0.4, 0.6))
    button(page, "Class B").click()
    drag(page, photo, (0.9, 0.9), (0.7, 0.5), (0.6, 0.3))
    lab.wait_until(page, lambda: (in_address(page) or "").count("_") == 1)
    lab.settle(page)
    first, second = boxes(photo)
    assert first == pytest.approx([0, 200, 100, 600, 400], abs=8)
    assert second == pytest.approx([1, 300, 600, 900, 900], abs=8)
    assert [first[0], second[0]] == [0, 1]
    page.get_by_text("right on held‑out pixels").first.wait_for()
    drag(page, photo, (0.2, 0.4), (0.2, 0.4))
    page.get_by_text("Rectangle 1 of 2, class A").wait_for()
    button(page, "Delete").click()
    comes_to(page, photo, [second])
    drag(page, photo, (0.05, 0.05), (0.05, 0.05))
    assert button(page, "Delete").is_disabled()


def test_painted_moved_and_deleted_by_keys(page: Page, server: str) -> None:
    photo = open_painting(page, server, painted="0.100.100.300.300")
    button(page, "Class B").press("Enter")
    photo.focus()
    page.keyboard.press("Enter")
    comes_to(page, photo, [[0, 100, 100, 300, 300], [1, 440, 440, 560, 560]])
    for key in ("ArrowDown", "ArrowRight", "ArrowRight", "Shift+ArrowUp"):
        page.keyboard.press(key)
    comes_to(page, photo, [[0, 100, 100, 300, 300], [1, 460, 480, 560, 600]])
    page.keyboard.press("PageUp")
    page.get_by_text("Rectangle 1 of 2, class A").wait_for()
    page.keyboard.press("Delete")
    comes_to(page, photo, [[1, 460, 480, 560, 600]])
    assert page.locator(".canvas").count() == 1  # keys of the page did nothing
    assert "card" not in page.url
    assert "pinned" not in page.url


def test_quick_rectangles_are_all_kept(page: Page, server: str) -> None:
    """Python answers each after the next is drawn; its older answers take nothing away."""
    photo = open_painting(page, server, painted="1.0.0.100.100")
    for n in range(4):
        drag(page, photo, (0.2 + 0.2 * n, 0.2), (0.25 + 0.2 * n, 0.3), (0.3 + 0.2 * n, 0.5))
    lab.wait_until(page, lambda: (in_address(page) or "").count("_") == 4)
    lab.settle(page)
    assert len(boxes(photo)) == 5
    assert as_text(tuple(map(tuple, boxes(photo)))) == in_address(page)


def test_a_reload_and_undo_find_the_rectangles_again(page: Page, server: str) -> None:
    photo = open_painting(page, server, painted="0.100.100.300.300")
    drag(page, photo, (0.5, 0.5), (0.6, 0.6), (0.8, 0.8))
    lab.wait_until(page, lambda: (in_address(page) or "").count("_") == 1)
    lab.settle(page)
    wanted = boxes(photo)
    page.reload()
    lab.wait_ready(page)
    comes_to(page, photo, wanted)
    page.keyboard.press("Control+z")
    comes_to(page, photo, [[0, 100, 100, 300, 300]])


def test_no_more_than_the_address_may_hold(page: Page, server: str) -> None:
    full = [[n % 2, 10 * n, 0, 10 * n + 20, 100] for n in range(MAX_BOXES)]
    photo = open_painting(page, server, painted=as_text(tuple(map(tuple, full))))
    drag(page, photo, (0.5, 0.5), (0.6, 0.6), (0.8, 0.8))
    page.get_by_text(f"{MAX_BOXES} rectangles are the most").wait_for()
    comes_to(page, photo, full)


@pytest.mark.parametrize("hostile", ["2.0.0.9.9", "0.9.9.0.0", "0.0.0.9999.9", "%3Cscript%3E"])
def test_a_hostile_address_is_the_opening(page: Page, server: str, hostile: str) -> None:
    photo = open_painting(page, server, painted=hostile)
    assert boxes(photo) == OPENING
    page.get_by_text("right on held‑out pixels").first.wait_for()
