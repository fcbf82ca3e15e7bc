"""What is read off one unit is exact: the same in every window, as the network, below and above."""

from __future__ import annotations

import canvases
import lab_page as lab
import numpy as np
import pytest
from expected import number
from playwright.sync_api import Browser, Page, Route
from scenes import EXACT

from viz import images, lessons

SIZES = [(1280, 800), (853, 533)]
UNIT = (0, 74, 112)
GROUP = 10


def column_of_the_network() -> np.ndarray:
    """The 50 numbers that the pool reads at the unit, of the lesson's first picture."""
    lesson = lessons.load("cross_channel_pooling")
    picture = images.at_working_size(images.find("coffee"), 224)
    network = lesson.network(lesson.setting(), picture.pixels)
    return network.bank(picture.pixels)[:, UNIT[1], UNIT[2]].detach().numpy()


def address(server: str) -> str:
    return f"{server}cross_channel_pooling?picture=coffee&stage=pooling&unit={'.'.join(map(str, UNIT))}"


def opened(browser: Browser, size: tuple[int, int], server: str) -> Page:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    context.add_init_script(canvases.WATCH)
    page = context.new_page()
    page.set_default_timeout(lab.PATIENCE_MS)
    page.goto(address(server))
    page.wait_for_selector(".canvas[data-ready]")
    return page


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_the_bars_of_a_unit_are_the_numbers_of_the_network(
    browser: Browser, server: str, size: tuple[int, int]
) -> None:
    page = opened(browser, size, server)
    page.wait_for_function(EXACT)
    values = column_of_the_network().reshape(-1, GROUP)
    bars = page.locator("canvas[data-kept]")
    assert bars.get_attribute("data-kept") == " ".join(map(str, values.argmax(1)))
    told = [number(text) for text, _, _ in canvases.written(bars)]
    assert told == pytest.approx(values.max(1), rel=0.006)
    title = page.locator(".reading").get_attribute("title")
    assert float(title) == pytest.approx(float(values[0].max()), rel=1e-5)
    below = [number(text) for text, _, _ in canvases.written(lab.pointer(page))]
    assert below == pytest.approx(values.max(1), rel=0.006) or not below
    page.context.close()


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_a_unit_reached_by_keys_is_exact_too(
    browser: Browser, server: str, size: tuple[int, int]
) -> None:
    page = opened(browser, size, server)
    lab.pointer(page).focus()
    for key in ("ArrowRight", "ArrowDown", "PageDown"):
        page.keyboard.press(key)
    page.wait_for_function(EXACT)
    reading = page.locator(".reading")
    _, row, column = (int(n) for n in _numbers(reading.inner_text()))
    lesson = lessons.load("cross_channel_pooling")
    picture = images.at_working_size(images.find("coffee"), 224)
    maps = lesson.network(lesson.setting(), picture.pixels)(picture.pixels)
    exact = float(maps[1, row, column])
    assert float(reading.get_attribute("title")) == pytest.approx(exact, rel=1e-5)
    page.context.close()


def _numbers(text: str) -> list[str]:
    name, row, column = text.split(":")[0].split(" · ")
    return [name.strip("map °"), row.split()[-1], column.split()[-1]]


def test_where_our_route_is_blocked_values_are_marked_as_averages(
    browser: Browser, server: str
) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.set_default_timeout(lab.PATIENCE_MS)

    def refuse(route: Route) -> None:
        route.abort()

    for path in ("**/maps/**", "**/column/**"):
        page.route(path, refuse)
    page.goto(address(server))
    page.wait_for_selector(".canvas[data-ready]")
    said = page.locator(".reading")
    lab.wait_until(page, lambda: "units)" in said.inner_text())
    assert "≈" in said.inner_text()
    assert page.locator("canvas[data-kept]").get_attribute("data-exact") == "false"
    assert "mean of" in page.locator(".filters").inner_text()
    context.close()
