"""The drawing of a perceptron: units, lines, and what is left out."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
import pytest

from viz.figures.heat import heat
from viz.figures.perceptron import MAX_UNITS, perceptron
from viz.figures.theme import WEIGHT_NEGATIVE, WEIGHT_POSITIVE

SMALL: dict[str, Any] = {
    "values": [[2.0, 1.0, 0.0], [3.0, 0.0], [1.5]],
    "names": [["a", "b", "c"], ["d", "e"], ["f"]],
    "weights": [[[1.0, 1.0, 1.0], [0.0, -2.0, 1.0]], [[0.5, -1.0]]],
    "titles": ["in", "hidden", "out"],
}


def lines(figure: go.Figure) -> dict[tuple[float, float, float, float], tuple[str, float]]:
    """Both ends of every line -> its colour and width."""
    found = {}
    for trace in figure.data:
        if trace.mode == "lines":
            for n in range(0, len(trace.x), 3):
                ends = trace.x[n], trace.y[n], trace.x[n + 1], trace.y[n + 1]
                found[ends] = trace.line.color, trace.line.width
    return found


def texts(figure: go.Figure) -> list[str]:
    return [note.text for note in figure.layout.annotations]


def test_a_line_for_every_weight_that_is_not_zero():
    found = lines(perceptron(**SMALL))
    assert len(found) == 5 + 2
    assert (0, 0, 1, 1.75) not in found  # the weight that is 0


def test_lines_have_the_sign_of_the_weight_and_the_width_of_the_product():
    found = lines(perceptron(**SMALL))
    assert found[0, 0, 1, 0.25] == (WEIGHT_POSITIVE, found[0, 1, 1, 1.75][1])  # 2 × 1 and 1 × −2
    assert found[0, 1, 1, 1.75][0] == WEIGHT_NEGATIVE
    assert found[0, 1, 1, 0.25][1] == found[0, 0, 1, 0.25][1] / 2
    assert found[0, 2, 1, 0.25][1] == 1  # thin: its unit is 0


def test_units_have_their_number_and_the_colour_of_their_layer():
    figure = perceptron(**SMALL)
    assert {"2.00", "1.00", "0.00", "3.00", "1.50", "<b>a</b>", "<b>d</b>", "<b>f</b>"} <= {
        *texts(figure)
    }
    fills = [box.fillcolor for box in figure.layout.shapes]
    scale = heat([0.0, 2.0], "input")
    assert fills[:3] == [scale.cell(value)[0] for value in (2.0, 1.0, 0.0)]
    signed = perceptron(**{**SMALL, "values": [[2.0, -1.0, 0.0], [3.0, 0.0], [1.5]]})
    assert [box.fillcolor for box in signed.layout.shapes][1] == heat([2.0, -1.0], "input").cell(
        -1.0
    )[0]
    assert "−1.00" in texts(signed)


def test_of_many_units_the_strongest_are_drawn_in_their_order():
    count = 3 * MAX_UNITS
    values = [float(n % MAX_UNITS) for n in range(count)]
    names = [str(n) for n in range(count)]
    figure = perceptron([values, [1.0]], [names, ["out"]], [[[1.0] * count]], titles=["in", "out"])
    shown = [
        int(text[3:-4]) for text in texts(figure) if text.startswith("<b>") and text != "<b>out</b>"
    ]
    assert len(shown) == MAX_UNITS
    assert shown == sorted(shown)
    assert min(values[n] for n in shown) >= max(v for n, v in enumerate(values) if n not in shown)
    assert f"in<br>{MAX_UNITS} / {count}" in texts(figure)
    assert len(lines(figure)) == MAX_UNITS


def test_few_units_are_counted_and_many_hidden_ones_have_no_names():
    assert "hidden<br>2" in texts(perceptron(**SMALL))
    hidden = [[1.0], [0.5] * 7, [1.0]]
    figure = perceptron(
        hidden,
        [["in"], [f"h{n}" for n in range(7)], ["out"]],
        [[[1.0]] * 7, [[1.0] * 7]],
        titles=["", "", ""],
    )
    assert not any("h1" in text for text in texts(figure))
    hover = [trace.customdata for trace in figure.data if trace.mode == "markers"][1]
    assert hover[1][0] == "h1"


def test_boxes_and_numbers_are_added_all_at_once(monkeypatch: pytest.MonkeyPatch):
    """Each one that is added alone has all those before it checked again: 0.3 s for 80 of them."""
    for name in ("add_shape", "add_annotation"):
        monkeypatch.delattr(go.Figure, name)
    assert len(perceptron(**SMALL).layout.shapes) == 6


def test_a_matrix_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match=r"\(1, 2\) do not fit 3 and 2 units"):
        perceptron(**{**SMALL, "weights": [[[1.0, 1.0]], [[0.5, -1.0]]]})
