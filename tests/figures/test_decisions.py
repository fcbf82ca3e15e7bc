"""The planes of colours side by side: each with its decisions and all points."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from viz.figures.decisions import PALE, decisions
from viz.figures.theme import signed_colours

ALONG = np.linspace(-0.5, 0.5, 5)
POINTS = np.array([[0.1, 0.2], [-0.3, 0.4], [0.0, 0.0]])
COLOURS = np.array([[1.0, 0.0, 0.5], [0.0, 0.0, 0.0], [0.2, 0.4, 0.6]])
NUMBERS = ("", "2", "3")  # of the axes: Plotly leaves out the first one's
SLANTED = 2 * ALONG[:, None] + ALONG  # another number when it is turned or mirrored
PLANES = {name: SLANTED * n for n, name in enumerate(["a", "b", "c"], 1)}


def drawn(dark: bool = False):
    labels = np.array([0, 1, 0])
    titles = {"x_title": "across", "y_title": "up"}
    return decisions(POINTS, COLOURS, labels, ALONG, PLANES, dark=dark, **titles)


def test_every_plane_has_its_decisions_and_all_points():
    figure = drawn()
    assert [trace.type for trace in figure.data] == ["contour", "scatter", "scatter"] * 3
    for n, plane in enumerate(PLANES.values()):
        tint, first, second = figure.data[3 * n : 3 * n + 3]
        np.testing.assert_array_equal(tint.z, plane)
        np.testing.assert_array_equal(tint.x, ALONG)
        np.testing.assert_array_equal(tint.y, ALONG)
        assert list(zip(first.x, first.y, strict=True)) == [(0.1, 0.2), (0.0, 0.0)]
        assert list(zip(second.x, second.y, strict=True)) == [(-0.3, 0.4)]
        assert first.marker.symbol != second.marker.symbol
        for trace in (tint, first, second):
            assert (trace.xaxis, trace.yaxis) == (f"x{NUMBERS[n]}", f"y{NUMBERS[n]}")


def test_points_have_their_own_colours_and_none_is_taken_for_the_themes():
    _, first, second, *_ = drawn().data
    assert list(first.marker.color) == ["#ff0180", "#336699"]
    assert list(second.marker.color) == ["#010101"]


def test_the_line_is_where_the_decision_changes_and_colours_are_pale():
    tint = drawn().data[0]
    assert tint.contours.start == tint.contours.end == 0
    assert (tint.zmin, tint.zmax) == (-PALE, PALE)


@pytest.mark.parametrize("dark", [False, True])
def test_colours_are_those_of_the_maps(dark: bool):
    scale = drawn(dark).data[0].colorscale
    assert tuple(colour for _, colour in scale) == signed_colours(dark=dark)


def test_planes_lie_side_by_side_with_their_names():
    figure = drawn()
    domains = [figure.layout[f"xaxis{n}"].domain for n in NUMBERS]
    assert domains[0][0] == 0
    assert domains[-1][1] == pytest.approx(1)
    assert all(one[1] < other[0] for one, other in pairwise(domains))
    assert [note.text for note in figure.layout.annotations] == list(PLANES)
    assert [note.x for note in figure.layout.annotations] == [domain[0] for domain in domains]
    assert figure.layout.xaxis.title.text == "across"
    assert figure.layout.yaxis.title.text == "up"


def test_axes_of_a_plane_belong_together_and_reach_from_end_to_end():
    layout = drawn().layout
    for n in NUMBERS:
        across, up = layout[f"xaxis{n}"], layout[f"yaxis{n}"]
        assert (across.anchor, up.anchor) == (f"y{n}", f"x{n}")
        assert across.range == up.range == (ALONG[0], ALONG[-1])
