"""Digits arranged on a page: by the pointer, by keys, in the address, and what is found of them."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import lab_page as lab
import pytest
from playwright.sync_api import Locator, Page

from viz import lessons
from viz.lessons.fully_connected.setting import PAGE_PX
from viz.settings import MAX_PLACED, as_text

OPENING = [list(each) for each in lessons.load("fully_connected").read({"part": "slide"})[1].digits]


def open_page(page: Page, server: str, **query: str) -> Locator:
    """Opens the section; returns the page with digits."""
    fields = {"part": "slide", "working_size_px": "96", **query}
    lab.open_lab(page, f"{server}fully_connected", **fields)
    paper = page.locator(".arranging canvas[data-placed]")
    paper.wait_for()
    paper.scroll_into_view_if_needed()
    return paper


def placed(paper: Locator) -> list[list[int]]:
    return json.loads(paper.get_attribute("data-placed") or "null")


def in_address(page: Page) -> str | None:
    return dict(parse_qsl(urlsplit(page.url).query, keep_blank_values=True)).get("digits")


def comes_to(page: Page, paper: Locator, wanted: list[Any]) -> None:
    """Both the page and the address have these digits, and nothing is on its way."""
    lab.wait_until(page, lambda: in_address(page) == as_text(tuple(map(tuple, wanted))))
    lab.settle(page)
    assert placed(paper) == wanted


def drag(page: Page, paper: Locator, *points: tuple[float, float]) -> None:
    """From the first point to the last, each row and column of the page."""
    rect = paper.bounding_box()
    assert rect is not None
    for n, (row, column) in enumerate(points):
        across, down = column / PAGE_PX[1], row / PAGE_PX[0]
        page.mouse.move(rect["x"] + across * rect["width"], rect["y"] + down * rect["height"])
        if n == 0:
            page.mouse.down()
    page.mouse.up()


def test_dragged_added_deleted_and_cleared_by_the_pointer(page: Page, server: str) -> None:
    paper = open_page(page, server)
    assert placed(paper) == OPENING
    page.get_by_text("found, from left to right: 3, 4, 0, 7, 1, 2").wait_for()
    page.locator(".arranging").get_by_role("button", name="Clear").click()
    comes_to(page, paper, [])
    page.get_by_text("no digit is found").wait_for()
    page.locator(".arranging").get_by_role("button", name="Add a 7").click()
    comes_to(page, paper, [[21, 1, 1]])
    drag(page, paper, (5, 5), (12, 20), (24, 35))
    comes_to(page, paper, [[21, 20, 31]])
    page.get_by_text("found, from left to right: 7").wait_for()
    page.get_by_text("“7” at row 20, column 31").wait_for()
    drag(page, paper, (24, 35), (90, 99))  # it stays on the page
    comes_to(page, paper, [[21, 32, 56]])
    page.locator(".arranging").get_by_role("button", name="Delete").click()
    comes_to(page, paper, [])


def test_added_moved_and_deleted_by_keys(page: Page, server: str) -> None:
    paper = open_page(page, server, digits="9.4.5")
    paper.focus()
    page.keyboard.press("4")
    comes_to(page, paper, [[9, 4, 5], [12, 1, 14]])
    for key in ("ArrowDown", "ArrowDown", "Shift+ArrowRight", "ArrowLeft"):
        page.keyboard.press(key)
    comes_to(page, paper, [[9, 4, 5], [12, 3, 17]])
    page.keyboard.press("PageUp")
    page.get_by_text("“3” at row 4, column 5").wait_for()
    page.keyboard.press("Delete")
    comes_to(page, paper, [[12, 3, 17]])
    page.keyboard.press("0")  # adds a digit; elsewhere it would reset the lesson
    comes_to(page, paper, [[12, 3, 17], [0, 1, 1]])


def test_a_reload_and_undo_find_the_digits_again(page: Page, server: str) -> None:
    paper = open_page(page, server, digits="9.4.5_0.20.30")
    drag(page, paper, (8, 9), (20, 12))
    wanted = [[9, 16, 8], [0, 20, 30]]
    comes_to(page, paper, wanted)
    page.reload()
    lab.wait_ready(page)
    comes_to(page, paper, wanted)
    page.keyboard.press("Control+z")
    comes_to(page, paper, [[9, 4, 5], [0, 20, 30]])


def test_no_more_than_the_address_may_hold(page: Page, server: str) -> None:
    full = [[n, 2 * n, 4 * n] for n in range(MAX_PLACED)]
    paper = open_page(page, server, digits=as_text(tuple(map(tuple, full))))
    assert page.locator(".arranging").get_by_role("button", name="Add a 7").is_disabled()
    paper.focus()
    page.keyboard.press("4")
    page.get_by_text(f"{MAX_PLACED} digits are the most").wait_for()
    assert placed(paper) == full


@pytest.mark.parametrize("hostile", ["30.0.0", "0.33.0", "0.0.9999", "%3Cscript%3E"])
def test_a_hostile_address_is_the_opening(page: Page, server: str, hostile: str) -> None:
    assert placed(open_page(page, server, digits=hostile)) == OPENING
