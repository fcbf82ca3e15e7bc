"""Undo, redo and reset: by keys and by buttons, through everything that changes the address."""

from __future__ import annotations

import lab_page as lab
from playwright.sync_api import Page, expect
from test_lessons import open_lesson


def button(page: Page, name: str):
    return page.get_by_role("button", name=name, exact=True)


def shows(page: Page, wavelength: str) -> None:
    """The slider, the address and Python have this value."""
    lab.wait_until(page, lambda: lab.slider(page, "Wavelength").input_value() == wavelength)
    lab.settle(page)
    assert lab.query(page).get("wavelength_px", "8") == wavelength


def drag(page: Page, wavelength: float) -> None:
    thumb = lab.Thumb(page, "Wavelength")
    thumb.to(wavelength)
    thumb.release()
    lab.settle(page)


def test_every_release_can_be_undone_and_redone(page: Page, server: str) -> None:
    lab.open_lab(page, server, stage="bank", working_size_px="64")
    expect(button(page, "Undo")).to_be_disabled()
    expect(button(page, "Redo")).to_be_disabled()
    maps = lab.canvas_pixels(page)
    for wavelength in (12, 16, 20):
        drag(page, wavelength)
    for expected in ("16", "12", "8"):
        page.keyboard.press("Control+z")
        shows(page, expected)
    assert (lab.canvas_pixels(page) == maps).all()
    expect(button(page, "Undo")).to_be_disabled()
    page.keyboard.press("Control+Shift+Z")
    shows(page, "12")
    page.keyboard.press("Control+y")
    shows(page, "16")
    button(page, "Undo").click()
    shows(page, "12")
    button(page, "Redo").click()
    shows(page, "16")
    page.reload()
    lab.wait_ready(page)
    button(page, "Redo").click()
    shows(page, "20")
    expect(button(page, "Redo")).to_be_disabled()


def test_keystrokes_in_a_row_are_one_step_and_reset_is_another(page: Page, server: str) -> None:
    lab.open_lab(page, server, stage="bank", working_size_px="64")
    slider = lab.slider(page, "Wavelength")
    slider.focus()
    # how fast a busy machine types must not matter: the page's clock stands still
    page.evaluate("() => { const now = performance.now(); performance.now = () => now }")
    for _ in range(4):
        slider.press("ArrowRight")
    shows(page, "10")
    button(page, "Reset").click()
    lab.wait_until(page, lambda: lab.query(page) == {"working_size_px": "64"})
    lab.settle(page)
    page.keyboard.press("Control+z")
    shows(page, "10")
    page.keyboard.press("Control+z")
    shows(page, "8")
    assert lab.query(page) == {"stage": "bank", "working_size_px": "64"}
    expect(button(page, "Undo")).to_be_disabled()


def test_what_changes_no_map_is_undone_too(page: Page, server: str) -> None:
    lab.open_lab(page, server, stage="bank", working_size_px="64")
    button(page, "Code").click()
    page.get_by_text("import torch").first.wait_for()
    lab.pointer(page).click(position={"x": 30, "y": 30})
    page.get_by_text("the map says").wait_for()
    lab.settle(page)
    page.keyboard.press("Control+z")
    expect(page.get_by_text("the map says")).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(button(page, "Code")).to_have_attribute("aria-pressed", "false")
    expect(page.get_by_text("import torch")).to_have_count(0)


def test_a_section_s_controls_are_undone_and_what_is_typed_is_not(page: Page, server: str) -> None:
    open_lesson(page, server, "pointwise", part="fewer")
    channels = page.get_by_role("slider", name="Channels in")
    channels.focus()
    page.keyboard.press("ArrowRight")
    lab.wait_until(page, lambda: lab.query(page).get("fewer_inputs") == "51")
    lab.settle(page)
    page.locator("canvas.matrix").click(position={"x": 8, "y": 8})
    weight = page.get_by_label("Weight", exact=True)
    before = weight.input_value()
    weight.press("End")
    weight.press("5")
    weight.press("Control+z")
    assert weight.input_value() == before, "the browser's own undo"
    channels.focus()
    lab.settle(page)
    assert lab.query(page)["fewer_inputs"] == "51"
    page.keyboard.press("Control+z")
    lab.wait_until(page, lambda: "fewer_inputs" not in lab.query(page))
    expect(channels).to_have_value("50")
