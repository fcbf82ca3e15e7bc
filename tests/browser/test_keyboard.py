"""The keyboard alone: the help of a focused control, and a pointer that stays on its unit."""

from __future__ import annotations

import re

import lab_page as lab
from playwright.sync_api import Page, expect


def test_a_focused_control_shows_its_help(page: Page, server: str) -> None:
    lab.open_lab(page, server, stage="bank")
    help_text = page.locator(".help")
    for label in ("Orientations", "Wavelength"):
        lab.slider(page, label).focus()
        expect(help_text).to_contain_text(f"{label}:")
    lab.slider(page, "Orientations").hover()
    expect(help_text).to_contain_text("Orientations:")


def test_a_map_that_is_enlarged_keeps_the_pointer(page: Page, server: str) -> None:
    """256 px in 64 maps are averaged, and in one map they are not."""
    lab.open_lab(page, server, stage="bank", orientations="16", working_size_px="256")
    overlay = lab.pointer(page)
    overlay.focus()
    for key in ("PageDown", "Shift+ArrowRight", "ArrowDown", "ArrowDown"):
        overlay.press(key)
    reading, box = page.locator(".reading"), lab.box(page)
    with page.expect_response(lab.is_maps) as finer:
        overlay.press("Enter")
    lab.settle(page)
    header, _ = lab.unpacked(finer.value.body())
    assert header["blocks"]["maps"]["mean_of"] == 1
    assert [tile[0] for tile in lab.tiles(page)] == [1]
    assert lab.box(page) == box
    large = reading.inner_text()
    overlay.press("Enter")
    lab.settle(page)
    assert lab.box(page) == box
    overlay.press("Enter")
    lab.settle(page)
    assert reading.inner_text() == large


def test_a_slider_keeps_the_focus_when_it_changes_the_limits_of_others(
    page: Page, server: str
) -> None:
    """From layer to layer the number of channels changes, and with it two other sliders."""
    page.goto(f"{server}trained?layer=3")
    lab.wait_ready(page)
    layer = page.locator("#layer")
    layer.focus()
    for wanted in ("4", "5", "6"):
        page.keyboard.press("ArrowRight")
        expect(page).to_have_url(re.compile(f"layer={wanted}"))
        expect(layer).to_be_focused()
