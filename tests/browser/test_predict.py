"""Predict, then reveal: alone, with keys and a click on the photo; and asked in a room."""

from __future__ import annotations

import lab_page as lab
from playwright.sync_api import Page, expect


def test_a_prediction_is_answered_on_the_canvas_and_nothing_is_lost(
    page: Page, server: str
) -> None:
    """By keys alone: a choice, then a number; then the view is as before."""
    view = {"picture": "chelsea", "stride": "3"}
    lab.open_lab(page, f"{server}strided", **view)
    card, stride = page.locator(".predict"), lab.slider(page, "Stride")
    expect(card.locator(".ask")).to_have_count(0)
    page.keyboard.press("q")
    expect(card.locator(".ask")).to_contain_text("How large are the maps at stride 5?")
    box, photo = card.bounding_box(), page.locator(".field > canvas").bounding_box()
    assert box is not None
    assert photo is not None
    assert 0 <= box["y"] < box["y"] + box["height"] < photo["y"]
    assert photo["y"] + photo["height"] < 800, "the question and what it is about are seen together"
    page.keyboard.press("1")
    expect(card.locator(".verdict strong")).to_contain_text("You said")
    expect(stride).to_have_value("5")
    expect(page.locator(".stage-bar [data-stage=strided]")).to_contain_text(
        card.locator(".option.right span").first.inner_text()
    )
    lab.settle(page)
    card.get_by_role("button", name="Back to where we were").click()
    expect(stride).to_have_value("3")
    card.get_by_role("button", name="Next question").click()
    lab.settle(page)
    page.keyboard.press("q")
    expect(card.locator(".ask")).to_have_count(0)
    lab.settle(page)
    assert lab.query(page) == view
