"""The surface in a browser: it turns by itself, rests, goes by steps, keys and hand, and is drawn right."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from expected import stops
from lab_page import pixels, settle, wait_until
from playwright.sync_api import Browser, Locator
from serving import served

from viz.figures.projection import FLOOR, RISE, View

SIDE = 9
SCRIPT = f"""
import numpy as np
import streamlit as st
from viz.lessons.blocks import Surface
from viz.text import text
from viz.ui.surface import surface

grid = np.zeros(({SIDE}, {SIDE}))
grid[3:6, 3:6] = 1.0
grid[{SIDE - 1}, 0] = -1.0
surface(Surface("surface", "A block", grid, text("A block amid zeros")))
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    script = tmp_path_factory.mktemp("surface") / "page.py"
    script.write_text(SCRIPT, encoding="utf-8")
    with served(str(script)) as server:
        yield server.address
        said = server.said()
    assert "Traceback" not in said, said


@pytest.fixture(params=["reduce", "no-preference"])
def surface(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Locator]:
    page = browser.new_page(reduced_motion=request.param)
    page.goto(address)
    found = page.locator(".surface[data-turn]")
    found.wait_for()
    yield found
    page.close()


still = pytest.mark.parametrize("surface", ["reduce"], indirect=True)
moving = pytest.mark.parametrize("surface", ["no-preference"], indirect=True)


def turn_of(surface: Locator) -> float:
    return float(surface.get_attribute("data-turn") or "nan")


def button(surface: Locator, name: str) -> Locator:
    return surface.get_by_role("button", name=name)


@moving
def test_it_turns_until_it_is_paused(surface: Locator):
    wait_until(surface.page, lambda: 35 < turn_of(surface) < 180)
    button(surface, "Pause").click()
    paused = turn_of(surface)
    button(surface, "Play").wait_for()
    settle(surface.page)
    assert turn_of(surface) == paused
    button(surface, "Play").click()
    wait_until(surface.page, lambda: turn_of(surface) > paused + 3)


@still
def test_it_rests_where_less_motion_is_asked_for_and_goes_by_steps_keys_and_hand(surface: Locator):
    page, slider = surface.page, surface.get_by_role("slider", name="Turned by")
    assert button(surface, "Play").is_visible()
    assert turn_of(surface) == 30
    button(surface, "One step forward").click()
    assert turn_of(surface) == 45
    slider.press("ArrowRight")
    assert turn_of(surface) == 46
    button(surface, "One step back").click()
    assert turn_of(surface) == 45
    assert surface.get_by_text("45°").is_visible()
    rect = surface.get_by_role("img", name="A block amid zeros").bounding_box()
    assert rect is not None
    page.mouse.move(rect["x"] + 100, rect["y"] + 100)
    page.mouse.down()
    page.mouse.move(rect["x"] + 40, rect["y"] + 100)
    page.mouse.up()
    page.mouse.move(rect["x"] + 200, rect["y"] + 100)  # let go: no longer
    assert turn_of(surface) == 15


@still
def test_points_are_drawn_where_the_projection_says(surface: Locator):
    """The middle of the block, a plain of zeros, and a corner of the flat picture."""
    shown = pixels(surface.locator("canvas"))
    view = View(SIDE, SIDE, 30.0)
    grid = np.zeros((SIDE, SIDE))
    grid[3:6, 3:6] = RISE
    side, below, above = view.reach(grid)
    scale = min(shown.shape[1] / (2 * side), shown.shape[0] / (below + above))
    tables = [*stops("weight")]
    for point, colour in (
        ((4, 4, RISE), tables[-1]),
        ((6.5, 7.5, 0.0), tables[len(tables) // 2]),
        ((SIDE - 0.7, -0.3, FLOOR), tables[0]),
    ):
        x, y = view.place(*point)
        left, top = round((side + x) * scale), round((above - y) * scale)
        area = shown[top - 2 : top + 3, left - 2 : left + 3, :3].reshape(-1, 3).astype(int)
        assert np.abs(area - colour).max(1).min() <= 2, point
