"""The surface that turns: its projection against the vectors, its GIF opened again."""

from __future__ import annotations

import json
from io import BytesIO
from itertools import pairwise
from typing import Any

import make
import numpy as np
import pytest
from PIL import Image, ImageColor

from viz.figures import surface
from viz.figures.heat import heat
from viz.figures.projection import FLOOR, RISE, View
from viz.figures.surface import surface_gif
from viz.layers.gabor import gabor_bank

CASES = json.loads((make.HERE / "surfaces.json").read_text(encoding="utf-8"))["surfaces"]


def named(case: dict[str, Any]) -> str:
    return f"{case['rows']}×{case['columns']} at {case['turn']}°"


def view(case: dict[str, Any]) -> View:
    return View(case["rows"], case["columns"], case["turn"])


@pytest.mark.parametrize("case", CASES, ids=named)
def test_where_points_are_seen(case: dict[str, Any]):
    assert (case["rise"], case["floor"]) == (RISE, FLOOR)
    found = [view(case).place(*point) for point, _ in case["places"]]
    np.testing.assert_allclose(found, [place for _, place in case["places"]], atol=1e-12)


@pytest.mark.parametrize("case", CASES, ids=named)
def test_a_face_that_another_may_hide_is_drawn_before_it(case: dict[str, Any]):
    order = list(view(case).far_first())
    assert len(set(order)) == (case["rows"] - 1) * (case["columns"] - 1)
    assert case["hidden"]
    for far, near in case["hidden"]:
        assert order.index(tuple(far)) < order.index(tuple(near))


def test_the_reach_is_that_of_all_turns():
    heights = np.outer(np.arange(5), np.arange(9)) / 80
    turns = [View(5, 9, turn / 2) for turn in range(720)]
    corners = [(row, column, FLOOR) for row in (-0.5, 4.5) for column in (-0.5, 8.5)]
    floor = np.array([turned.place(*at) for turned in turns for at in corners])
    rows, columns = np.indices((5, 9)).astype(float)
    surface = np.array([turned.place(rows, columns, heights) for turned in turns])
    found = [floor[:, 0].max(), -floor[:, 1].min(), surface[:, 1].max()]
    np.testing.assert_allclose(found, View(5, 9, 0.0).reach(heights), atol=1e-3)


def frames(grid: Any, turn: float = 0.0) -> list[Any]:
    """Every frame as an array `(h, w, 3)`, without its title."""
    image: Any = Image.open(BytesIO(surface_gif(grid, turn_degrees=turn)))
    shown = []
    for n in range(image.n_frames):
        image.seek(n)
        shown.append(np.asarray(image.convert("RGB"))[surface.TITLE_PX :].astype(int))
    return shown


KERNEL = gabor_bank(1, phases=1, wavelength_px=8, sigma_px=4, size_px=21)[0].tolist()


def test_it_turns_once_around_and_loops():
    image: Any = Image.open(BytesIO(surface_gif(KERNEL, "0° φ0°")))
    assert (image.n_frames, image.info["loop"]) == (surface.FRAMES, 0)
    shown = frames(KERNEL)
    assert all((one != other).any() for one, other in pairwise(shown))
    # half a turn shows the same: this kernel has the same numbers from both sides
    assert np.abs(shown[0] - shown[surface.FRAMES // 2]).mean() < 3


def test_a_peak_stands_where_the_projection_says_in_the_colour_of_weights():
    """A cross-section: nine high numbers amid zeros; their middle face is seen from every side."""
    grid = np.zeros((9, 9))
    grid[3:6, 3:6] = 1.0
    seen = View(9, 9, 40.0)
    (side, _, above), scale = seen.reach(RISE * grid), surface.WIDE_PX / 2
    x, y = seen.place(4, 4, RISE)
    shown = frames(grid, turn=40.0)[0]
    found = shown[round((above - y) / side * scale) - 4, round((side + x) / side * scale)]
    strongest = ImageColor.getrgb(heat([1.0], "weight").cell(1.0)[0])
    assert np.abs(found - strongest).max() < 12


def test_the_floor_is_the_flat_picture():
    """From 0° the lower left corner of the grid is seen at the left below, with its own colour."""
    grid = np.full((5, 5), -1.0)
    grid[4, 0] = 1.0
    seen = View(5, 5, 0.0)
    (side, _, above), scale = seen.reach(RISE * grid), surface.WIDE_PX / 2
    x, y = seen.place(4.3, -0.3, FLOOR)
    found = frames(grid)[0][round((above - y) / side * scale), round((side + x) / side * scale)]
    expected = ImageColor.getrgb(heat([1.0], "weight").cell(1.0)[0])
    assert np.abs(found - expected).max() < 12


def test_what_is_no_grid_is_refused():
    with pytest.raises(ValueError, match=r"\(1, 3\)"):
        surface_gif([[1.0, 2.0, 3.0]])
