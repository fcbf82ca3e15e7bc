"""Competing methods in one chart: none told by colour alone, the best on top, each with its number."""

from __future__ import annotations

from itertools import combinations

import pytest

from viz.figures.rivals import rivals
from viz.figures.theme import BLUE, RIVALS

X = [float(k) for k in range(1, 51)]
LINES = {f"method {n}": [(n + 1) / k for k in X] for n in range(len(RIVALS) + 1)}


def drawn(**given):
    figure = rivals(X, LINES, main="method 0", at=10.0, **given)
    return figure, {trace.name.split("\u2002")[0]: trace for trace in figure.data}


def test_each_line_has_its_values_and_its_name_the_one_at_the_mark():
    figure, traces = drawn(x_title="k", y_title="error")
    assert traces.keys() == LINES.keys()
    for name, values in LINES.items():
        assert list(traces[name].x) == X
        assert list(traces[name].y) == values
        assert float(traces[name].name.split("\u2002")[1]) == pytest.approx(values[9], rel=1e-2)
    assert figure.layout.shapes[0].x0 == figure.layout.shapes[0].x1 == 10
    assert (figure.layout.xaxis.title.text, figure.layout.yaxis.title.text) == ("k", "error")
    assert figure.layout.legend.font.size >= 15


def test_no_two_lines_share_a_hue_a_dash_or_a_marker():
    _, traces = drawn()
    best, *others = (traces[name] for name in LINES)
    assert (best.line.color, best.mode) == (BLUE, "lines")
    for one, other in combinations(others, 2):
        assert one.line.color != other.line.color
        assert one.line.dash != other.line.dash
        assert one.marker.symbol != other.marker.symbol
    assert all(best.line.width > 2 * each.line.width for each in others)


def test_the_hues_are_seen_on_light_and_on_dark_pages():
    """A contrast of at least 3 with white and with nearly black, as WCAG 2 asks of lines."""
    for colour in (*RIVALS, BLUE):
        light = luminance(colour)
        assert 1.05 / (light + 0.05) >= 3, colour
        assert (light + 0.05) / (luminance("#0e1117") + 0.05) >= 3, colour


def luminance(colour: str) -> float:
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
    return sum(w * each for w, each in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_markers_are_few_and_on_the_line():
    _, traces = drawn()
    sizes = list(traces["method 1"].marker.size)
    assert len(sizes) == len(X)
    assert 5 <= sum(size > 0 for size in sizes) <= 12
    assert sizes[9] > 0  # at the marked k


def test_a_single_value_is_a_ring_at_the_mark():
    _, traces = drawn(alone={"trained": 0.105})
    ring = traces["trained"]
    assert (list(ring.x), list(ring.y), ring.mode) == ([10], [0.105], "markers")
    assert ring.marker.symbol.endswith("open")


def test_names_are_in_the_order_of_their_values():
    figure, _ = drawn(alone={"trained": 0.15})
    ranked = sorted(figure.data, key=lambda trace: trace.legendrank)
    names = [trace.name.split("\u2002")[0] for trace in ranked]
    assert names[:3] == ["method 0", "trained", "method 1"]


def test_names_below_one_another_leave_room_for_the_plot():
    """On a phone each name takes a line above the plot."""
    figure, traces = drawn(alone={"trained": 0.15})
    names_px = len(traces) * 1.5 * figure.layout.legend.font.size
    assert figure.layout.height - names_px > 250


@pytest.mark.parametrize("lines", [{"a": [1.0]}, {str(n): X for n in range(7)}])
def test_lines_that_do_not_fit_are_refused(lines):
    with pytest.raises(ValueError, match="lines"):
        rivals(X, lines, main="a", at=10.0)
