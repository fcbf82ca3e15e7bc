"""Histograms and covariances: every number once, where it belongs, readable from the last row."""

from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from viz.assets import ROOT
from viz.figures import theme
from viz.figures.histograms import (
    COLUMNS,
    MAX_CHANNELS,
    MAX_WRITTEN,
    covariances,
    histograms,
)

CHANNELS = st.integers(1, MAX_CHANNELS)


def example(channels: int, bins: int = 5) -> tuple[np.ndarray, np.ndarray, np.ndarray, list[str]]:
    draw = np.random.default_rng(channels)
    edges = np.linspace(0, 1, bins + 1) * draw.uniform(1, 3, (channels, 1)) - 0.5
    shares = draw.dirichlet(np.ones(bins), (2, channels))
    return edges, shares[0], shares[1], [f"map {n}" for n in range(channels)]


@pytest.mark.slow
@given(CHANNELS, st.integers(1, 32))
def test_bars_are_before_and_the_line_is_after(channels: int, bins: int):
    edges, before, after, names = example(channels, bins)
    figure = histograms(edges, before, after, names)
    assert len(figure.data) == 2 * channels
    for n in range(channels):
        bars, line = figure.data[2 * n : 2 * n + 2]
        assert (bars.type, line.type) == ("bar", "scatter")
        assert (bars.xaxis, bars.yaxis) == (line.xaxis, line.yaxis)
        np.testing.assert_allclose(bars.y, before[n])
        np.testing.assert_allclose(np.array(bars.x) - np.array(bars.width) / 2, edges[n, :-1])
        np.testing.assert_allclose(np.array(bars.x) + np.array(bars.width) / 2, edges[n, 1:])
        assert line.line.shape == "hv"  # from each point level to the next, then up or down
        np.testing.assert_allclose(line.x, [edges[n, 0], *edges[n]])
        np.testing.assert_allclose(line.y, [0, *after[n], 0])


@pytest.mark.parametrize("channels", [1, 3, 4, 5, 8, 16])
def test_every_channel_has_a_plot_of_its_own_with_its_name(channels: int):
    figure = histograms(*example(channels))
    axes = {trace.xaxis for trace in figure.data}
    assert len(axes) == channels
    said = [each.text for each in figure.layout.annotations]
    assert said[:channels] == [f"map {n}" for n in range(channels)]
    rows = -(-channels // COLUMNS)
    assert figure.layout.height < 800
    assert figure.layout.height > 150 * rows


def test_what_is_before_and_what_after_is_said_once_in_their_colours():
    figure = histograms(*example(3), words=("vorher", "nachher"), share="Anteil")
    key = figure.layout.annotations[-1]
    bars, line = figure.data[:2]
    before, after = key.text.split("&nbsp;&nbsp; ")
    assert before == f'<span style="color:{bars.marker.color}">■</span> vorher'
    assert after == f'<span style="color:{line.line.color}">■</span> nachher'
    assert bars.marker.color != line.line.color
    assert sum("■" in each.text for each in figure.layout.annotations) == 1
    assert not figure.layout.showlegend
    assert bars.hovertemplate.startswith("vorher: ")
    assert "Anteil" in line.hovertemplate


def test_text_is_large_enough():
    for figure in (histograms(*example(5)), covariances(np.eye(3), np.eye(3), list("RGB"))):
        assert figure.layout.font.size == theme.TEXT_PX
        assert all(each.font.size == theme.TEXT_PX for each in figure.layout.annotations)
        assert figure.layout.xaxis.tickfont.size == theme.TEXT_PX
        assert figure.layout.xaxis2.tickfont.size == theme.TEXT_PX


@given(CHANNELS)
def test_covariances_stand_as_matrices_do_on_one_scale(channels: int):
    before, after = np.random.default_rng(channels).normal(size=(2, channels, channels))
    names = [f"map {n}" for n in range(channels)]
    figure = covariances(before, after, names)
    furthest = max(np.abs(before).max(), np.abs(after).max())
    for trace, matrix in zip(figure.data, (before, after), strict=True):
        np.testing.assert_allclose(trace.z, matrix)
        assert list(trace.x) == list(trace.y) == names
        assert (trace.zmin, trace.zmax) == (-furthest, furthest)
    assert [trace.showscale for trace in figure.data] == [False, True]
    assert figure.layout.yaxis.autorange == figure.layout.yaxis2.autorange == "reversed"
    assert (figure.layout.yaxis.scaleanchor, figure.layout.yaxis2.scaleanchor) == ("x", "x2")
    titles = [axis.title.text for axis in (figure.layout.xaxis, figure.layout.xaxis2)]
    assert titles == ["before", "after"]


@pytest.mark.parametrize(("dark", "table"), [(False, "activation"), (True, "activation_dark")])
def test_covariances_have_the_colours_of_maps_on_this_page(dark: bool, table: str):
    colours = json.loads((ROOT / "assets" / "colours.json").read_text(encoding="utf-8"))
    figure = covariances(np.eye(2), np.eye(2), ["R", "G"], dark=dark)
    for trace in figure.data:
        assert [colour for _, colour in trace.colorscale] == colours[table]
    middle = sum(int(figure.data[0].colorscale[5][1][at : at + 2], 16) for at in (1, 3, 5)) / 3
    assert (middle < 64) == dark  # nothing is as dark, or as light, as the page


@pytest.mark.parametrize(
    ("largest", "texts"),
    [
        (0.0512, ["0.051", "−0.040", "0.000"]),
        (0.0988, ["0.099", "−0.040", "0.000"]),
        (1.26, ["1.3", "0.0", "0.0"]),
        (123.4, ["123", "0", "0"]),
    ],
)
def test_numbers_have_the_same_decimals_and_a_real_minus(largest: float, texts: list[str]):
    matrix = np.diag([largest, -0.04, 1e-13])
    figure = covariances(matrix, matrix[::-1, ::-1], ["R", "G", "B"])
    assert [figure.data[0].text[n][n] for n in range(3)] == texts
    assert figure.data[0].texttemplate == "%{text}"
    bar = figure.data[1].colorbar
    assert bar.tickvals == (-largest, 0, largest)
    assert bar.ticktext == (f"−{texts[0]}", "0", texts[0])


@given(st.floats(-20, 20), st.floats(1e-3, 50))
def test_an_axis_has_few_round_numbers_that_lie_on_it(low: float, width: float):
    figure = histograms(np.array([[low, low + width]]), np.ones((1, 1)), np.ones((1, 1)), ["R"])
    axis = figure.layout.xaxis
    places = np.array(axis.tickvals)
    assert 2 <= len(places) <= 4
    assert np.all((low - 1e-6 <= places) & (places <= low + width + 1e-6))
    assert axis.tickangle == 0


def test_values_that_are_all_one_have_one_number():
    figure = histograms(np.zeros((1, 2)), np.ones((1, 1)), np.ones((1, 1)), ["R"])
    assert figure.layout.xaxis.tickvals == (0,)


def test_names_of_the_next_row_do_not_touch_numbers():
    figure = histograms(*example(16))
    axes = [figure.layout[f"yaxis{n}"] for n in (1 + 4 * row for row in range(4)) if n > 1]
    tops = [figure.layout.yaxis.domain, *(axis.domain for axis in axes)]
    inside = figure.layout.height - 80
    gaps = [(above[0] - below[1]) * inside for above, below in pairwise(tops)]
    assert min(gaps) > 2 * 1.4 * theme.TEXT_PX


@pytest.mark.parametrize("channels", [MAX_WRITTEN, MAX_WRITTEN + 1])
def test_numbers_of_large_matrices_are_left_to_the_pointer(channels: int):
    figure = covariances(np.eye(channels), np.eye(channels), [str(n) for n in range(channels)])
    assert (figure.data[0].texttemplate is not None) == (channels <= MAX_WRITTEN)
    assert "%{z" in figure.data[0].hovertemplate


def test_next_to_nothing_is_not_written_with_many_noughts():
    figure = covariances(np.full((1, 1), 1.7e-13), np.zeros((1, 1)), ["R"])
    assert figure.data[0].text[0][0] == "0.0000"


def test_matrices_of_nothing_have_a_scale():
    figure = covariances(np.zeros((2, 2)), np.zeros((2, 2)), ["R", "G"])
    assert (figure.data[0].zmin, figure.data[0].zmax) == (-1, 1)


def test_names_that_are_numbers_are_names():
    figure = covariances(np.eye(2), np.eye(2), ["1", "2"])
    assert figure.layout.xaxis.type == figure.layout.yaxis2.type == "category"


@pytest.mark.parametrize("channels", [0, MAX_CHANNELS + 1])
def test_too_many_channels_are_refused(channels: int):
    with pytest.raises(ValueError, match="between 1 and 16"):
        histograms(*example(channels))
    with pytest.raises(ValueError, match="between 1 and 16"):
        covariances(np.eye(channels), np.eye(channels), [""] * channels)


def test_what_does_not_belong_together_is_refused():
    edges, before, after, names = example(3)
    with pytest.raises(ValueError, match="do not belong together"):
        histograms(edges[:, 1:], before, after, names)
    with pytest.raises(ValueError, match="do not belong together"):
        histograms(edges, before, after[:2], names)
    with pytest.raises(ValueError, match="do not belong together"):
        histograms(edges, before, after, names[:2])
    with pytest.raises(ValueError, match="do not belong together"):
        covariances(np.eye(3), np.eye(2), names)
