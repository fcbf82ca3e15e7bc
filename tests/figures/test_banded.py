"""Lines beside a band: what is drawn, on top of what, and what is refused."""

from __future__ import annotations

import pytest

from viz.figures.banded import banded

X = [0.0, 1.0, 2.0]
BAND = [1.0, 1.0, 0.0], [2.0, 3.0, 1.0], [4.0, 5.0, 2.0]


def test_the_band_reaches_from_the_lowest_to_the_highest_and_the_thick_line_is_on_top():
    figure = banded(X, ("one", [7.0, 8.0, 9.0]), ("many", BAND), lines={"thin": [0.0, 0.0, 1.0]})
    high, low, mean, thin, thick = figure.data
    assert [list(each.y) for each in (low, mean, high)] == [list(each) for each in BAND]
    assert low.fill == "tonexty"  # up to the trace before it
    assert [each.name for each in (mean, thin, thick)] == ["many", "thin", "one"]
    assert [each.showlegend for each in figure.data] == [False, False, True, True, True]
    assert thick.line.width > max(mean.line.width, thin.line.width)
    assert len({mean.line.dash, thin.line.dash, thick.line.dash}) == 3


def test_the_axis_holds_all_ticks_and_says_what_stands_at_them():
    figure = banded(X, ("one", X), ("many", BAND), x_ticks=[0, 2, 3], x_labels=["a", "b", "c"])
    assert list(figure.layout.xaxis.range) == [0, 3]
    assert list(figure.layout.xaxis.ticktext) == ["a", "b", "c"]
    assert figure.layout.yaxis.rangemode == "tozero"


@pytest.mark.parametrize(
    "given",
    [
        {"thick": ("one", [1.0])},
        {"spread": ("many", ([1.0], *BAND[1:]))},
        {"spread": ("many", (*BAND[:2], [1.0]))},
        {"lines": {"thin": [1.0, 2.0]}},
    ],
)
def test_every_line_has_a_value_for_each_place(given):
    with pytest.raises(ValueError, match="for 3 places"):
        banded(**{"x": X, "thick": ("one", X), "spread": ("many", BAND), **given})
