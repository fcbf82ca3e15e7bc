"""The browser's history: Back leads through lessons, sections and pictures, and through nothing else."""

from __future__ import annotations

import lab_page as lab
from playwright.sync_api import Page, expect
from test_lessons import open_lesson

from viz.lessons import entry


def entries(page: Page) -> int:
    return page.evaluate("history.length")


def section(page: Page, name: str) -> None:
    page.locator(".st-key-part").get_by_role("radio", name=name).click()
    lab.settle(page)


def picture(page: Page, name: str) -> None:
    page.get_by_role("radio", name=name).check(force=True)
    lab.settle(page)


def press(page: Page, slider: str, key: str = "ArrowRight") -> None:
    page.get_by_role("slider", name=slider).focus()
    page.keyboard.press(key)
    lab.settle(page)


def test_back_leads_through_sections_and_pictures_and_not_through_releases(
    page: Page, server: str
) -> None:
    open_lesson(page, server, "pointwise", part="fewer")
    before = entries(page)
    press(page, "Channels in")
    press(page, "Channels out")
    assert lab.query(page)["fewer_inputs"] == "51"
    assert lab.query(page)["fewer_outputs"] == "21"
    assert entries(page) == before, "controls of a section make no entries"
    picture(page, "Zone plate")
    section(page, "Channel space")
    assert entries(page) == before + 2

    page.go_back()
    lab.wait_until(page, lambda: lab.query(page).get("part") == "fewer")
    lab.settle(page)
    assert lab.query(page)["picture"] == "zone_plate"
    press(page, "Channels in")
    page.go_back()
    lab.wait_until(page, lambda: "picture" not in lab.query(page))
    lab.settle(page)
    assert lab.query(page)["fewer_inputs"] == "51", "what is released belongs to its place"
    for _ in range(2):
        page.go_forward()
        lab.settle(page)
    assert lab.query(page)["part"] == "space"
    assert lab.query(page)["picture"] == "zone_plate"
    assert entries(page) == before + 2


def test_a_lesson_is_one_entry_with_its_picture(page: Page, server: str) -> None:
    lab.open_lab(page, server, picture="chelsea", working_size_px="96")
    before = entries(page)
    for slug in ("pointwise", "strided"):
        title = entry(slug).title
        page.get_by_test_id("stSidebarNav").get_by_role("link", name=title).click()
        page.get_by_role("heading", name=title, exact=True).wait_for()
        lab.wait_until(page, lambda: lab.query(page).get("picture") == "chelsea")
        lab.settle(page)
    assert entries(page) == before + 2
    page.go_back()
    page.get_by_role("heading", name=entry("pointwise").title, exact=True).wait_for()
    lab.settle(page)
    page.go_back()
    page.get_by_role("heading", name=entry("lab").title, exact=True).wait_for()
    lab.settle(page)
    assert lab.query(page) == {"picture": "chelsea", "working_size_px": "96"}


def test_back_and_undo_do_not_disturb_each_other(page: Page, server: str) -> None:
    lab.open_lab(page, server, stage="bank", working_size_px="64")
    before = entries(page)
    picture(page, "Zone plate")
    press(page, "Wavelength")
    page.keyboard.press("Control+z")
    lab.settle(page)
    assert entries(page) == before + 1
    page.keyboard.press("Control+z")
    lab.wait_until(page, lambda: "picture" not in lab.query(page))
    lab.settle(page)
    assert entries(page) == before + 2, "it shows another picture"
    page.go_back()
    lab.wait_until(page, lambda: lab.query(page).get("picture") == "zone_plate")
    lab.settle(page)
    expect(page.get_by_role("radio", name="Zone plate")).to_be_checked()
    page.keyboard.press("Control+z")
    lab.wait_until(page, lambda: "picture" not in lab.query(page))
