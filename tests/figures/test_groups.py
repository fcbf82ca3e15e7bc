"""Bars in groups: every channel once, winners lit and written, one hue for an orientation."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viz.figures.groups import FADED, MOST_WRITTEN, group_bars, orientation_colour, shares
from viz.lessons import ROOT

STOPS = json.loads((ROOT / "assets" / "colours.json").read_text(encoding="utf-8"))["orientation"]
NAMES = ["a", "b", "c", "d", "e", "f"]
VALUES = [1.0, -2.0, 0.5, 3.0, 3.5, -1.0]


def bars_of_three():
    return group_bars(
        VALUES, 3, [0, 4], NAMES, group_names=["left", "right"], axis_title="response"
    )


@given(st.integers(1, 8), st.integers(1, 8), st.data())
def test_every_channel_stands_once_with_a_gap_between_groups(groups, group, data):
    n = groups * group
    values = data.draw(st.lists(st.floats(-9, 9), min_size=n, max_size=n))
    winners = [g * group for g in range(groups)]
    bars = group_bars(values, group, winners, [f"c{i}" for i in range(n)]).data[0]
    assert list(bars.y) == values
    assert list(bars.customdata) == [f"c{i}" for i in range(n)]
    steps = [after - before for before, after in zip(bars.x, bars.x[1:], strict=False)]
    for i, step in enumerate(steps):
        assert (step > 1 + 1e-9) == ((i + 1) % group == 0)
    assert [o == 1 for o in bars.marker.opacity] == [i in winners for i in range(n)]


def test_an_example_by_hand():
    figure = bars_of_three()
    bars = figure.data[0]
    assert bars.marker.opacity == (1, FADED, FADED, FADED, 1, FADED)
    assert bars.text == ("1.00", "", "", "", "3.50", "")
    assert figure.layout.xaxis.ticktext == ("left", "right")
    assert figure.layout.xaxis.tickvals == (bars.x[1], bars.x[4])
    assert figure.layout.yaxis.title.text == "response"
    low, high = figure.layout.xaxis.range
    assert low < bars.x[0] - bars.width / 2
    assert high > bars.x[-1] + bars.width / 2


def test_a_negative_winner_has_a_true_minus():
    assert group_bars([-1.5], 1, [0], ["a"]).data[0].text == ("−1.50",)


def test_hover_says_the_name_and_the_exact_value():
    template = bars_of_three().data[0].hovertemplate
    assert "%{customdata}" in template
    assert "%{y:.6g}" in template


def test_colour_is_the_orientation():
    by_degrees = group_bars(VALUES, 3, [0, 4], NAMES, degrees=[0, 90, 0, 90, 0, 90]).data[0]
    assert by_degrees.marker.color == (orientation_colour(0), orientation_colour(90)) * 3
    by_group = bars_of_three().data[0].marker.color
    assert by_group == (orientation_colour(0),) * 3 + (orientation_colour(90),) * 3


def test_colours_are_the_stops_and_what_lies_between_and_cyclic():
    for n, stop in enumerate(STOPS):
        assert orientation_colour(180 * n / (len(STOPS) - 1)) == stop
    assert orientation_colour(-36) == orientation_colour(144) == orientation_colour(324)
    low, high = (int(each[1:3], 16) for each in STOPS[:2])
    half = int(orientation_colour(90 / (len(STOPS) - 1))[1:3], 16)
    assert half == pytest.approx((low + high) / 2, abs=1)


@pytest.mark.parametrize(("groups", "named"), [(MOST_WRITTEN, True), (MOST_WRITTEN + 1, False)])
def test_too_many_groups_are_left_to_the_pointer(groups, named):
    figure = group_bars([1.0] * groups, 1, list(range(groups)), ["x"] * groups)
    assert figure.layout.xaxis.showticklabels is named
    assert (figure.data[0].text is not None) is named


def test_text_is_large_enough_for_the_last_row():
    figure = bars_of_three()
    assert figure.data[0].textfont.size >= 15
    assert figure.data[0].constraintext == "none"
    assert figure.layout.font.size >= 15
    assert figure.layout.xaxis.tickfont.size >= 15


def test_shares_by_hand():
    figure = shares([[0.25, 0.75], [0.5, 0.5]], ["a", "b", "c", "d"], axis_title="pixels, %")
    bars = figure.data[0]
    assert bars.y == (25, 75, 50, 50)
    assert bars.marker.opacity == (FADED, 1, 1, FADED)
    assert bars.text == ("", "75 %", "50 %", "")
    assert "%" in bars.hovertemplate
    assert figure.layout.yaxis.rangemode == "tozero"
    assert figure.layout.xaxis.ticktext == ("1", "2")


def test_groups_that_do_not_divide_are_named():
    with pytest.raises(ValueError, match=r"6.*4"):
        group_bars(VALUES, 4, [0], NAMES)
