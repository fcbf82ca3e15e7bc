"""The bars of one number: every term once, sorted, with the numbers it is made of."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viz.assets import ROOT
from viz.figures import theme
from viz.figures.arithmetic import MAX_NAMED, term_bars

NUMBERS = st.floats(-10, 10).map(lambda number: round(number, 3))
TERMS = st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=60)


@given(TERMS)
def test_every_term_stands_once_and_the_largest_comes_first(terms: list[tuple[float, float]]):
    names = [f"channel {n}" for n in range(len(terms))]
    bars = term_bars(names, [x for x, _ in terms], [w for _, w in terms]).data[0]
    assert sorted(bars.x) == sorted(names)
    assert list(bars.y) == sorted(bars.y, reverse=True)
    for name, height, (x, w) in zip(bars.x, bars.y, bars.customdata, strict=True):
        assert (x, w) == terms[names.index(name)]
        assert height == pytest.approx(x * w)
    assert sum(bars.y) == pytest.approx(sum(x * w for x, w in terms))


def test_an_example_by_hand():
    figure = term_bars(["a", "b", "c"], [1.0, 2.0, 0.5], [-3.0, 4.0, 0.0], axis_title="x × w")
    bars = figure.data[0]
    assert (bars.x, bars.y) == (("b", "c", "a"), (8.0, 0.0, -3.0))
    positive, negative = theme.WEIGHT_POSITIVE, theme.WEIGHT_NEGATIVE
    assert bars.marker.color == (positive, positive, negative)
    assert bars.marker.opacity == (1.0, 1.0, 1.0)
    assert figure.layout.yaxis.title.text == "x × w"
    assert figure.layout.yaxis.zeroline


def test_what_a_max_does_not_keep_fades():
    bars = term_bars(["a", "b", "c"], [1.0, 3.0, 2.0], [1.0, 1.0, 1.0], chosen=1).data[0]
    assert bars.x == ("b", "c", "a")
    assert bars.marker.opacity[0] == 1
    assert max(bars.marker.opacity[1:]) < 0.5


@pytest.mark.parametrize(("count", "named"), [(1, True), (MAX_NAMED, True), (MAX_NAMED + 1, False)])
def test_too_many_names_are_left_to_the_pointer(count: int, named: bool):
    names = [str(n) for n in range(count)]
    figure = term_bars(names, [1.0] * count, [1.0] * count)
    assert figure.layout.xaxis.showticklabels is named
    assert "%{x}" in figure.data[0].hovertemplate


def test_names_that_are_numbers_are_names():
    figure = term_bars(["1", "3"], [1.0, 2.0], [1.0, 1.0])
    assert figure.layout.xaxis.type == "category"


@pytest.mark.parametrize(("inputs", "weights"), [([1.0], [1.0, 2.0]), ([1.0, 2.0], [1.0])])
def test_inputs_without_a_weight_are_refused(inputs: list[float], weights: list[float]):
    with pytest.raises(ValueError, match="zip"):
        term_bars(["a", "b"], inputs, weights)


def test_colours_and_sizes_are_those_of_the_house():
    colours = json.loads((ROOT / "assets" / "colours.json").read_text(encoding="utf-8"))
    assert theme.WEIGHT_NEGATIVE in colours["weight"][: len(colours["weight"]) // 2]
    assert theme.WEIGHT_POSITIVE in colours["weight"][len(colours["weight"]) // 2 + 1 :]
    figure = term_bars(["a"], [1.0], [1.0])
    assert figure.layout.font.size == theme.TEXT_PX >= 16
    assert figure.layout.xaxis.tickfont.size >= 16
    assert not figure.layout.showlegend


def test_the_title_of_an_axis_is_as_large_as_the_rest():
    figure = term_bars(["a"], [1.0], [1.0], axis_title="input × weight")
    assert figure.layout.yaxis.title.font.size == theme.TEXT_PX
