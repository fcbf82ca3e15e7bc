"""Lines with their names at their ends: nothing lost, no name on another, none told by colour alone."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viz.figures import curves as module
from viz.figures.curves import curves

HEIGHTS = st.dictionaries(st.text("abc", min_size=1, max_size=4), st.floats(-5, 5), max_size=8)
LINES = {"low": [0.0, 1.0], "high": [1.0, 2.0], "largest": [1.0, 2.0]}


def test_an_example_by_hand():
    figure = curves(
        [0.0, 90.0],
        LINES,
        x_title="phase, degrees",
        y_title="response",
        thick=["largest"],
        x_ticks=[0, 90],
    )
    drawn = {trace.name: trace for trace in figure.data}
    assert set(drawn) == set(LINES)
    for name, y in LINES.items():
        assert list(drawn[name].x) == [0, 90]
        assert list(drawn[name].y) == y
    assert drawn["largest"].line.width > drawn["low"].line.width
    assert figure.data[0].name == "largest"  # behind the others
    assert figure.layout.xaxis.title.text == "phase, degrees"
    assert figure.layout.yaxis.title.text == "response"
    assert figure.layout.xaxis.tickvals == (0, 90)
    assert list(figure.layout.xaxis.range) == [0, 90]


def test_every_line_has_its_name_at_its_end_in_its_colour():
    figure = curves([0.0, 1.0], LINES)
    colours = {trace.name: trace.line.color for trace in figure.data}
    notes = {note.text: note for note in figure.layout.annotations}
    assert set(notes) == set(LINES)
    assert not figure.layout.showlegend
    for name, note in notes.items():
        assert note.x == 1
        assert note.xanchor == "left"
        assert note.font.color == colours[name]
        assert note.font.size >= 15


def test_no_two_lines_look_alike_even_without_colour():
    names = {f"piece {n}": [0.0, float(n)] for n in range(len(module.DASHES))}
    styles = [trace.line.dash for trace in curves([0.0, 1.0], names).data]
    assert len(set(styles)) == len(styles)
    many = {f"piece {n}": [0.0, float(n)] for n in range(10)}
    looks = [(t.line.dash, t.line.color) for t in curves([0.0, 1.0], many).data]
    assert len(set(looks)) == 10


@given(HEIGHTS, st.floats(0.1, 2))
def test_names_are_moved_apart_and_keep_their_order(ends, least):
    placed = module._apart(ends, least)
    assert list(placed) == list(ends)
    upward = sorted(ends, key=lambda name: ends[name])
    for below, above in pairwise(upward):
        assert placed[above] - placed[below] >= least - 1e-9
    if ends:
        assert max(placed.values()) <= max(ends.values()) + 1e-9


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=5))
def test_names_with_room_stay_where_their_line_ends(heights):
    ends = {str(n): 10 * n + height / 5 for n, height in enumerate(heights)}
    assert module._apart(ends, 1.0) == ends


def test_an_upright_line_marks_a_place():
    assert len(curves([0.0, 1.0], LINES).layout.shapes) == 0
    (mark,) = curves([0.0, 1.0], LINES, at=0.25).layout.shapes
    assert mark.x0 == mark.x1 == 0.25


def test_longer_names_have_more_room():
    short = curves([0.0, 1.0], {"a": [0.0, 1.0]}).layout.margin.r
    assert curves([0.0, 1.0], {"a long name": [0.0, 1.0]}).layout.margin.r > short


def test_a_flat_line_is_drawn_too():
    assert curves([0.0, 1.0], {"flat": [0.5, 0.5]}).layout.annotations[0].y == 0.5


@pytest.mark.parametrize("values", [[1.0], [1.0, 2.0, 3.0]])
def test_a_line_that_does_not_fit_is_named(values):
    with pytest.raises(ValueError, match=f"off has {len(values)} values for 2"):
        curves([0.0, 1.0], {"off": values})


def test_text_is_large_enough_for_the_last_row():
    figure = curves([0.0, 1.0], LINES)
    assert figure.layout.font.size >= 15
    assert figure.layout.xaxis.tickfont.size >= 15


def test_gaps_are_left_out_and_values_between_them_are_dots():
    nan = float("nan")
    lines = {"whole": [5.0, 6.0, 7.0], "some": [1.0, nan, nan], "none": [nan, nan, nan]}
    figure = curves([0.0, 1.0, 2.0], lines)
    modes = {trace.name: trace.mode for trace in figure.data}
    assert modes == {"whole": "lines", "some": "lines+markers", "none": "lines+markers"}
    assert {note.text: note.y for note in figure.layout.annotations} == {"whole": 7, "some": 1}
