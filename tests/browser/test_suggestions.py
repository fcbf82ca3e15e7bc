"""Views to try: links that set a view without a page load; and the openings of sections."""

from __future__ import annotations

import lab_page as lab
from playwright.sync_api import Page, expect

from viz import lessons


def test_a_view_to_try_is_a_link_and_needs_no_page_load(page: Page, server: str) -> None:
    lab.open_lab(page, server, picture="chelsea")
    first = lessons.load("lab").views[0]
    link = page.get_by_role("link", name=first.label)
    expect(link).to_have_attribute("aria-current", "false")
    href = link.get_attribute("href")
    page.evaluate("window.stillHere = true")
    link.click()
    lab.settle(page)
    expect(link).to_have_attribute("aria-current", "true")
    assert page.evaluate("window.stillHere")
    assert lab.query(page) == {"picture": "chelsea", **first.texts}
    page.goto(f"{server.rstrip('/')}{href}")
    lab.wait_ready(page)
    expect(link).to_have_attribute("aria-current", "true")
    page.keyboard.press("0")
    lab.settle(page)
    assert lab.query(page) == {"picture": "chelsea"}
    expect(link).to_have_attribute("aria-current", "false")


def test_a_switch_of_the_opening_stays_off(page: Page, server: str) -> None:
    lab.open_lab(page, f"{server}pointwise", part="merge")
    chip = page.locator(".stage-bar [data-stage=relu]")
    expect(chip).not_to_contain_text("off")
    page.get_by_role("link", name="Without the ReLU").click()
    lab.settle(page)
    expect(chip).to_contain_text("off")
    assert lab.query(page) == {"part": "merge", "relu": "0"}
    page.reload()
    lab.wait_ready(page)
    expect(chip).to_contain_text("off")
