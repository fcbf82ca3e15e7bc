"""Bars in groups: every channel once, winners lit and written, one hue for an orientation."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viz.assets import ROOT
from viz.figures import theme
from viz.figures.groups import (
    FADED,
    MAX_WRITTEN,
    class_colour,
    group_bars,
    orientation_colour,
    shares,
)
from viz.marks import oriented, phased

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
    bars = group_bars(VALUES, 3, [0, 4], NAMES, marks=oriented([0, 90, 0, 90, 0, 90])).data[0]
    assert bars.marker.color == (orientation_colour(0), orientation_colour(90)) * 3


def test_channels_that_are_no_orientations_have_no_hue_of_one():
    phases = group_bars(VALUES, 3, [0, 4], ["0°", "90°"] * 3, marks=phased([0, 90] * 3)).data[0]
    unmarked = group_bars(VALUES, 3, [0, 4], ["0°", "90°"] * 3).data[0]
    for bars in (phases, unmarked):
        (colour,) = set(bars.marker.color)
        assert colour not in {orientation_colour(degrees) for degrees in range(180)}


def test_colours_are_the_stops_and_what_lies_between_and_cyclic():
    for n, stop in enumerate(STOPS):
        assert orientation_colour(180 * n / (len(STOPS) - 1)) == stop
    assert orientation_colour(-36) == orientation_colour(144) == orientation_colour(324)
    low, high = (int(each[1:3], 16) for each in STOPS[:2])
    half = int(orientation_colour(90 / (len(STOPS) - 1))[1:3], 16)
    assert half == pytest.approx((low + high) / 2, abs=1)


@pytest.mark.parametrize(("groups", "named"), [(MAX_WRITTEN, True), (MAX_WRITTEN + 1, False)])
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


# Of `classColour` in viz/ui/javascript/colours.js, run in a browser.
ON_THE_MAPS = {
    1: ["51 34 136"],
    2: ["51 34 136", "224 154 166"],
    5: ["51 34 136", "98 173 212", "88 170 156", "219 205 138", "224 154 166"],
    10: [
        "51 34 136",
        "121 107 191",
        "75 157 202",
        "168 220 245",
        "48 134 120",
        "128 203 189",
        "181 161 74",
        "231 219 159",
        "177 75 93",
        "224 154 166",
    ],
}


@pytest.mark.parametrize("count", list(ON_THE_MAPS))
def test_classes_have_the_colours_of_the_maps(count):
    colours = [class_colour(n, count) for n in range(count)]
    shown = [" ".join(str(int(each[at : at + 2], 16)) for at in (1, 3, 5)) for each in colours]
    assert shown == ON_THE_MAPS[count]


def test_shares_by_hand():
    names = ["a", "b", "c", "d"]
    figure = shares(
        [[0.25, 0.75], [0.6, 0.4]], names, classes=["0°", "90°"], axis_title="pixels, %"
    )
    bars = figure.data[0]
    assert bars.y == (25, 75, 60, 40)
    assert list(bars.customdata) == names
    assert bars.marker.color == (class_colour(0, 2), class_colour(1, 2)) * 2
    assert bars.marker.opacity is None
    assert [note.text for note in figure.layout.annotations] == ["90°<br>75 %", "0°<br>60 %"]
    assert [note.y for note in figure.layout.annotations] == [75, 60]
    assert "%" in bars.hovertemplate
    assert figure.layout.yaxis.rangemode == "tozero"
    assert figure.layout.xaxis.ticktext == ("1", "2")


def test_bars_are_seen_on_a_page_as_dark_or_light_as_they_are():
    bars = shares([[0.25, 0.75]], ["a", "b"], classes=["1", "2"]).data[0]
    assert (bars.marker.line.width, bars.marker.line.color) == (1, theme.GREY)


@given(st.lists(st.integers(0, 9), min_size=5, max_size=5))
def test_names_of_winners_stand_over_their_own_group_and_apart(places):
    """A group of ten takes 145 px of a chart of 916, and the widest line of such a name 45."""
    rows = [[1.0 if n == place else 0.0 for n in range(10)] for place in places]
    names = [str(n) for n in range(50)]
    figure = shares(rows, names, classes=[f"{n} px 90°" for n in range(10)])
    bars, notes = figure.data[0], figure.layout.annotations
    for g, (place, note) in enumerate(zip(places, notes, strict=True)):
        assert bars.x[10 * g] < note.x < bars.x[10 * g + 9]
        assert abs(note.x - bars.x[10 * g + place]) <= 2
        assert note.text.split("<br>") == [f"{place} px", "90°", "100 %"]
    low, high = figure.layout.xaxis.range
    bar_px = (916 - 80) / (high - low)
    assert min(b.x - a.x for a, b in pairwise(notes)) * bar_px > 45


def test_winners_of_many_groups_are_left_to_the_pointer():
    rows = [[1.0]] * (MAX_WRITTEN + 1)
    figure = shares(rows, ["a"] * len(rows), classes=["1"])
    assert not figure.layout.annotations


def test_classes_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match=r"3 classes .* 2"):
        shares([[0.5, 0.5]], ["a", "b"], classes=["1", "2", "3"])


def test_groups_that_do_not_divide_are_named():
    with pytest.raises(ValueError, match=r"6.*4"):
        group_bars(VALUES, 4, [0], NAMES)
