"""Learning curves: means in bands of their spread, each with its name."""

from __future__ import annotations

import numpy as np
import pytest

from viz.figures import theme
from viz.figures.learning import Line, learning_curves

EXAMPLES = (50, 100, 1000)
TEST = Line([[20.0, 24.0], [10.0, 12.0], [2.0, 2.0]], blue=True, thick=True)
TRAINING = Line([[0.0, 0.0], [0.0, 1.0], [0.0, 0.0]], blue=False, thick=False)


def test_a_line_is_the_mean_at_each_number_of_examples():
    figure = learning_curves(EXAMPLES, {"test": TEST}, x_title="examples", y_title="error, %")
    (line,) = (trace for trace in figure.data if trace.name == "test")
    assert list(line.x) == list(EXAMPLES)
    assert list(line.y) == [22, 11, 2]
    assert figure.layout.xaxis.type == "log"
    assert figure.layout.xaxis.ticktext == ("50", "100", "1k")
    assert figure.layout.xaxis.title.text == "examples"
    assert figure.layout.yaxis.title.text == "error, %"
    assert figure.layout.yaxis.rangemode == "tozero"


def test_its_band_is_one_standard_deviation_to_either_side_and_never_below_0():
    for line in (TEST, TRAINING):
        figure = learning_curves(EXAMPLES, {"line": line})
        band = next(trace for trace in figure.data if trace.fill)
        means, spreads = np.mean(line.values, axis=1), np.std(line.values, axis=1, ddof=1)
        assert list(band.x) == [*EXAMPLES, *reversed(EXAMPLES)]
        assert band.y[:3] == pytest.approx(means + spreads)
        assert band.y[3:] == pytest.approx(np.maximum(means - spreads, 0)[::-1])


def test_lines_are_told_apart_without_colours_too():
    figure = learning_curves(EXAMPLES, {"test": TEST, "training": TRAINING})
    lines = {trace.name: trace.line for trace in figure.data if trace.name}
    assert lines["test"].width > lines["training"].width
    assert lines["test"].color == theme.BLUE
    assert lines["training"].color == theme.GREY
    thin_blue = learning_curves(EXAMPLES, {"a": TEST._replace(thick=False)}).data[1].line
    assert thin_blue.dash != lines["training"].dash


def test_every_line_has_its_name_at_its_end():
    figure = learning_curves(EXAMPLES, {"test": TEST, "training": TRAINING})
    names = {note.text: note for note in figure.layout.annotations}
    assert set(names) == {"<b>test</b>", "training"}
    assert all(note.font.size >= 15 for note in names.values())
    assert names["<b>test</b>"].y > names["training"].y
    assert all(note.xshift < 10 for note in names.values()), "no samples: there is little room"


def test_newer_values_are_rings_as_far_as_there_are_any():
    figure = learning_curves(EXAMPLES, {"test": TEST._replace(rings=[[21.0, 23.0], [9.0], []])})
    rings = figure.data[-1]
    assert rings.marker.symbol == "circle-open"
    assert list(zip(rings.x, rings.y, strict=True)) == [(50, 21.0), (50, 23.0), (100, 9.0)]
    assert len(learning_curves(EXAMPLES, {"test": TEST}).data) == 2


def test_a_line_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="2 values for 3 places"):
        learning_curves(EXAMPLES, {"a": Line([[1.0], [2.0]], blue=True, thick=True)})
