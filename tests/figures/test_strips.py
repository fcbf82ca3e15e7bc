"""Strips: every measurement is seen, beside its own mean and spread."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from viz.figures import theme
from viz.figures.strips import mean_and_spread, strips

VALUES = {"one": [1.0, 2.0, 4.0], "two": [80.0, 90.0]}


def test_every_measurement_is_a_dot_in_the_row_of_its_name():
    dots_one, mean_one, dots_two, mean_two = strips(VALUES).data
    for row, (dots, mean, (name, values)) in enumerate(
        zip((dots_one, dots_two), (mean_one, mean_two), VALUES.items(), strict=True)
    ):
        assert dots.name == mean.name == name
        assert list(dots.x) == values
        assert [round(y) for y in dots.y] == [row] * len(values)
        assert list(mean.y) == [row]
        assert mean.x[0] == pytest.approx(np.mean(values))
        assert mean.error_x.array[0] == pytest.approx(np.std(values, ddof=1))


@given(st.lists(st.floats(0.1, 100), min_size=1, max_size=20))
def test_mean_and_spread_are_numpys(values: list[float]):
    mean, spread = mean_and_spread(values)
    assert mean == pytest.approx(np.mean(values))
    expected = np.std(values, ddof=1) if len(values) > 1 else 0.0
    assert spread == pytest.approx(expected, abs=1e-9)


def test_a_spread_never_reaches_0_where_a_logarithm_ends():
    mean = strips({"a": [1.0, 100.0]}).data[1]
    assert mean.error_x.array[0] > mean.x[0]
    assert mean.error_x.arrayminus[0] < mean.x[0]


def test_equal_measurements_are_seen_one_by_one():
    dots = strips({"a": [3.0, 3.0, 3.0]}).data[0]
    assert len(set(zip(dots.x, dots.y, strict=True))) == 3


def test_newer_values_are_rings_and_no_values_are_none():
    figure = strips(VALUES, rings={"one": [1.5], "two": []})
    rings = [trace for trace in figure.data if trace.marker.symbol == "circle-open"]
    assert [(trace.name, list(trace.x)) for trace in rings] == [("one", [1.5])]
    assert rings[0].marker.size > figure.data[0].marker.size
    assert rings[0].marker.color == figure.data[0].marker.color


def test_names_and_notes_stand_above_their_rows_in_large_letters():
    figure = strips(VALUES, notes={"one": "2 ± 1"}, highlighted=["two"])
    notes = {note.text: note for note in figure.layout.annotations}
    assert set(notes) == {"one", "two", "<b>2 ± 1</b>"}
    assert notes["one"].y == notes["<b>2 ± 1</b>"].y == 0
    assert notes["two"].y == 1
    assert all(note.font.size >= 15 and note.yshift > 0 for note in notes.values())
    assert notes["two"].font.color == theme.BLUE
    assert notes["one"].font.color is None, "the theme's own, on light and on dark"


def test_the_axis_reaches_from_the_first_tick_to_the_last():
    at = ("mean", 5.0)
    axis = strips(VALUES, ticks=(1, 10, 100), axis_title="error, %", at=at).layout
    assert axis.xaxis.type == "log"
    assert list(axis.xaxis.range) == [0, 2]
    assert axis.xaxis.ticktext == ("1", "10", "100")
    assert axis.xaxis.title.text == "error, %"
    assert [shape.x0 for shape in axis.shapes] == [5.0]
    (name,) = (note for note in axis.annotations if note.text == "mean")
    assert name.x == pytest.approx(np.log10(5)), "on a logarithmic axis notes are placed by powers"


def test_the_first_row_is_on_top():
    low, high = strips(VALUES).layout.yaxis.range
    assert low > 1 > 0 > high


def test_what_a_logarithm_cannot_show_is_refused():
    with pytest.raises(ValueError, match="logarithmic"):
        strips({"a": [1.0, 0.0]})


def test_shares_have_a_linear_axis_which_holds_0():
    figure = strips({"none": [0.0, 0.0]}, ticks=(0, 50, 100), at=("half", 50.0), is_log=False)
    axis = figure.layout.xaxis
    assert axis.type == "linear"
    assert list(axis.range) == [0, 100]
    (half,) = (note for note in figure.layout.annotations if note.text == "half")
    assert half.x == 50
