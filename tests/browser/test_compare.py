"""Two states at a keystroke: pinned, flipped, subtracted, reset."""

from __future__ import annotations

import lab_page as lab
import numpy as np
from playwright.sync_api import Page, expect

from viz import devices, images, run
from viz.lessons.lab import LESSON
from viz.lessons.lab.setting import Setting


def maps_of(setting: Setting, stage: str) -> np.ndarray:
    picture = images.at_working_size(images.find(LESSON.picture), 64)
    network = LESSON.network(setting, picture.pixels)
    return run.maps(network, picture, devices.chosen("cpu"))[stage]


def pinned_and_moved(page: Page, server: str) -> None:
    """A has wavelength 8, B has 9.5; both show the pooled maps of a 64 px picture."""
    lab.open_lab(page, server, stage="bank", working_size_px="64")
    page.get_by_role("button", name="Max over 4").click()
    lab.settle(page)
    page.keyboard.press("p")
    lab.settle(page)
    page.get_by_role("button", name="Gabor").click()
    lab.settle(page)
    for _ in range(3):
        lab.slider(page, "Wavelength").press("ArrowRight")
    lab.settle(page)
    page.get_by_role("button", name="Max over 4").click()
    lab.settle(page)


def test_flipping_is_in_place_and_costs_no_traffic(page: Page, server: str) -> None:
    pinned_and_moved(page, server)
    page.keyboard.press("a")
    lab.settle(page)
    assert lab.query(page)["showing"] == "pinned"
    page.keyboard.press("a")
    lab.settle(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    colours = [lab.canvas_pixels(page)]
    for _ in range(3):
        page.keyboard.press("a")
        lab.settle(page)
        colours.append(lab.canvas_pixels(page))
    assert not [url for url in asked if "/maps/" in url]
    assert np.array_equal(colours[0], colours[2])
    assert np.array_equal(colours[1], colours[3])
    assert not np.array_equal(colours[0], colours[1])


def test_the_address_holds_both(page: Page, server: str) -> None:
    pinned_and_moved(page, server)
    rows_and_columns = maps_of(Setting(), "pooling").shape[1:]
    address, now = page.url, lab.colours(page, *rows_and_columns)
    page.goto("about:blank")
    page.goto(address)
    lab.wait_ready(page)
    assert (lab.colours(page, *rows_and_columns) == now).all()
    page.keyboard.press("a")
    lab.settle(page)
    with_a = lab.colours(page, *rows_and_columns)
    assert (with_a != now).any()
    lab.open_lab(page, server, stage="pooling", working_size_px="64")
    assert (lab.colours(page, *rows_and_columns) == with_a).all()


def test_the_difference_is_the_difference(page: Page, server: str) -> None:
    pinned_and_moved(page, server)
    with page.expect_response(lab.is_maps) as answer:
        page.keyboard.press("d")
    header, body = lab.unpacked(answer.value.body())
    lab.settle(page)
    block = header["blocks"]["maps"]
    low, high = (np.array(block[end])[:, None, None] for end in ("low", "high"))
    steps = lab.bytes_of(header, body)
    exact = maps_of(Setting(wavelength_px=9.5), "pooling") - maps_of(Setting(), "pooling")
    assert np.abs(low + steps / 255 * (high - low) - exact).max() <= (high - low).max() / 255 * 0.51
    largest = exact.flat[np.abs(exact).argmax()]
    said = page.locator(".reading").inner_text()
    assert "largest difference" in said
    shown = float(said.split("difference ")[1].split(",")[0].replace("−", "-"))
    assert abs(shown - largest) <= 0.006 * abs(largest)


def test_different_shapes_have_no_difference_and_say_so(page: Page, server: str) -> None:
    pinned_and_moved(page, server)
    page.get_by_role("button", name="Gabor").click()
    lab.settle(page)
    before = lab.canvas_pixels(page)
    page.keyboard.press("d")
    page.get_by_text("different shapes").wait_for()
    assert np.array_equal(lab.canvas_pixels(page), before), "the last maps stay"


def test_zero_leads_back_to_the_opening_state(page: Page, server: str) -> None:
    lab.open_lab(page, server, picture="brick", stage="bank", wavelength_px="20", unit="1.5.5")
    page.get_by_text("the map says").wait_for()
    page.keyboard.press("0")
    lab.settle(page)
    assert lab.query(page) == {"picture": "brick"}
    assert len(lab.tiles(page)) == 4
    expect(page.get_by_text("the map says")).to_have_count(0)


def test_a_question_mark_lists_the_keys(page: Page, server: str) -> None:
    lab.open_lab(page, server)
    page.keyboard.press("?")
    page.get_by_role("dialog", name="Keys").wait_for()
    page.keyboard.press("Escape")
    assert page.get_by_role("dialog", name="Keys").count() == 0
