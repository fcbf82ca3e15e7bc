"""Lines with their names at their ends: nothing lost, no name on another, none told by colour alone."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viz.figures import curves as module
from viz.figures import theme
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
    assert figure.data[-1].name == "largest"  # on top of the others
    assert drawn["largest"].opacity is None
    assert drawn["largest"].line.dash == "solid"
    assert figure.layout.xaxis.title.text == "phase, degrees"
    assert figure.layout.yaxis.title.text == "response"
    assert figure.layout.xaxis.tickvals == (0, 90)
    assert list(figure.layout.xaxis.range) == [0, 90]


def test_every_line_has_its_name_at_its_end_and_a_piece_of_it_before():
    figure = curves([0.0, 1.0], LINES, thick=["largest"])
    lines = {trace.name: trace.line for trace in figure.data}
    notes = {note.text: note for note in figure.layout.annotations}
    assert set(notes) == {"low", "high", "<b>largest</b>"}
    assert not figure.layout.showlegend
    pieces = {piece.y0: piece for piece in figure.layout.shapes}
    for name, note in notes.items():
        assert (note.x, note.xref) == (1, "paper")
        assert note.xanchor == "left"
        assert note.font.size >= 15
        piece, line = pieces[note.y], lines[name.removeprefix("<b>").removesuffix("</b>")]
        assert (piece.line.dash, piece.line.width) == (line.dash, line.width)
        assert 0 < piece.x0 < piece.x1 < note.xshift
    assert notes["<b>largest</b>"].font.color == lines["largest"].color == theme.BLUE
    assert notes["low"].font.color is None, "the theme's own, on light and on dark"


def test_no_line_has_a_hue_but_the_thick_one():
    """Hues mean orientations and classes; a line must not be taken for one of them."""
    names = {f"piece {n}": [0.0, float(n)] for n in range(10)}
    *others, thick = curves([0.0, 1.0], names, thick=["piece 4"]).data
    assert thick.name == "piece 4"
    for each in others:
        red, green, blue = (each.line.color[at : at + 2] for at in (1, 3, 5))
        assert red == green == blue


def test_the_only_line_is_solid():
    (line,) = curves([0.0, 1.0], {"only": [0.0, 1.0]}).data
    assert line.line.dash == "solid"


@pytest.mark.parametrize(
    ("name", "legend"),
    [
        ("mean of two", False),
        ("mean of squares", True),
        ("平方的均值", False),
        ("四个相位的最大值", True),
    ],
)
def test_long_names_stand_above_the_plot(name: str, legend: bool):
    figure = curves([0.0, 1.0], {"a": [0.0, 1.0], name: [1.0, 1.0]})
    assert figure.layout.showlegend is legend
    assert bool(figure.layout.annotations) is not legend
    assert figure.layout.legend.y == (1.02 if legend else None)


def test_the_axis_reaches_to_its_ticks():
    figure = curves([0.0, 355.0], {"a": [0.0, 1.0]}, x_ticks=(0, 180, 360))
    assert list(figure.layout.xaxis.range) == [0, 360]


def test_dots_have_room_at_both_ends():
    nan = float("nan")
    figure = curves([1.0, 2.0, 3.0], {"some": [1.0, nan, 3.0]})
    assert list(figure.layout.xaxis.range) == [0, 4]
    assert figure.data[0].cliponaxis is False
    assert list(curves([1.0], {"one": [nan]}).layout.xaxis.range) == [1, 1]


def test_no_two_lines_look_alike_even_without_colour():
    names = {f"piece {n}": [0.0, float(n)] for n in range(len(module.DASHES))}
    styles = [trace.line.dash for trace in curves([0.0, 1.0], names).data]
    assert len(set(styles)) == len(styles)
    many = {f"piece {n}": [0.0, float(n)] for n in range(10)}
    looks = [(t.line.dash, t.line.width) for t in curves([0.0, 1.0], many).data]
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
    without = curves([0.0, 1.0], LINES).layout.shapes
    (*_, mark) = shapes = curves([0.0, 1.0], LINES, at=0.25).layout.shapes
    assert len(shapes) == len(without) + 1
    assert mark.layer == "below"
    assert mark.x0 == mark.x1 == 0.25


def test_longer_names_have_more_room():
    short = curves([0.0, 1.0], {"a": [0.0, 1.0]}).layout.margin.r
    assert curves([0.0, 1.0], {"a long name": [0.0, 1.0]}).layout.margin.r > short


def test_a_chinese_name_has_room_for_letters_as_wide_as_they_are_high():
    """Measured as Latin ones, the last of them would be cut off."""
    latin, chinese = (
        curves([0.0, 1.0], {name: [0.0, 1.0]}).layout.margin.r for name in ("a", "互不相关")
    )
    assert chinese - latin >= 3 * theme.TEXT_PX


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
