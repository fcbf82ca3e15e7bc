"""The heat map of correlations: every number in its cell, groups named and apart."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from viz.figures import theme
from viz.figures.correlations import correlations


def example(count: int) -> tuple[np.ndarray, list[str]]:
    matrix = np.corrcoef(np.random.default_rng(0).normal(size=(count, 5)))
    return np.atleast_2d(matrix), [f"channel {n}" for n in range(count)]


@given(st.integers(1, 50))
def test_a_cell_has_the_number_and_the_names_of_its_channels(count: int):
    matrix, names = example(count)
    figure = correlations(matrix, names)
    (cells,) = figure.data
    np.testing.assert_allclose(cells.z, matrix, atol=1e-6)
    assert (list(cells.x), list(cells.y)) == (names, names)
    assert (cells.zmin, cells.zmax) == (-1, 1)
    assert figure.layout.yaxis.autorange == "reversed"  # the first channel is on top
    assert figure.layout.yaxis.scaleanchor == "x"


@given(st.lists(st.integers(1, 10), min_size=1, max_size=5))
def test_groups_are_named_in_their_middle_and_lines_are_between_them(sizes: list[int]):
    groups = {f"group {n}": size for n, size in enumerate(sizes)}
    figure = correlations(*example(sum(sizes)), groups=groups)
    starts = np.cumsum([0, *sizes])
    assert figure.layout.xaxis.ticktext == tuple(groups)
    middles = [(first + last - 1) / 2 for first, last in pairwise(starts)]
    assert figure.layout.xaxis.tickvals == figure.layout.yaxis.tickvals == tuple(middles)
    upright = [shape.x0 for shape in figure.layout.shapes if shape.x0 == shape.x1]
    level = [shape.y0 for shape in figure.layout.shapes if shape.y0 == shape.y1]
    assert upright == level == [start - 0.5 for start in starts[1:-1]]


@pytest.mark.parametrize("named", ["channel {}", "{}"])
def test_without_groups_some_channels_are_numbered(named: str):
    """Beside the channel of that number, also where the names are numbers."""
    matrix, _ = example(20)
    names = [named.format(n + 1) for n in range(20)]
    axis = correlations(matrix, names).layout.xaxis
    numbered = dict(zip(axis.ticktext, axis.tickvals, strict=True))
    assert numbered == {str(n): names[n - 1] for n in (5, 10, 15, 20)}


def test_nothing_in_common_has_the_colour_of_the_page():
    for dark in (False, True):
        scale = correlations(*example(3), dark=dark).data[0].colorscale
        assert (0.5, theme.signed_colours(dark=dark)[5]) in scale


def test_the_plot_is_as_large_without_its_colour_bar():
    one, other = (correlations(*example(3), with_scale=shown) for shown in (True, False))
    assert (one.data[0].showscale, other.data[0].showscale) == (True, False)
    assert one.layout.margin == other.layout.margin
    assert one.layout.title.font.size == theme.TEXT_PX


@pytest.mark.parametrize("groups", [{"a": 2}, {"a": 2, "b": 2}])
def test_groups_that_are_not_the_channels_are_refused(groups: dict[str, int]):
    with pytest.raises(ValueError, match="3 channels do not make groups"):
        correlations(*example(3), groups=groups)


def test_names_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match=r"2 names .*\(3, 3\)"):
        correlations(example(3)[0], ["a", "b"])
