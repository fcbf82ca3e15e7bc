"""Competing methods over one axis: each line has a hue, a dash and a marker of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from viz.figures.theme import BLUE, GREY, RIVALS, TEXT_PX, layout

DASHES = ("solid", "9px,4px", "3px,3px", "12px,4px,3px,4px", "18px,5px")
SYMBOLS = ("circle", "square", "triangle-up", "x", "cross")
PLOT_PX, NAME_PX = 300, 24  # on a phone each name is a line of its own above the plot
THIN_PX, THICK_PX = 2.5, 6.0
MARKER_PX, ALONE_PX = 10, 18
MARKERS = 11  # of a line, about
LAST_NUMBER_PX = 24  # room for half of the last number of the x axis, which plotly drops without it


def rivals(
    x: Sequence[float],
    lines: Mapping[str, Sequence[float]],
    *,
    main: str,
    at: float,
    alone: Mapping[str, float] | None = None,
    x_title: str = "",
    y_title: str = "",
) -> go.Figure:
    """A line for each method, and their names above the plot, the best at one x first.

    Args:
        x: the x of the values of all lines.
        lines: for each method one value at each x; smaller is better. At most six.
        main: the method that the others are compared with, in blue and thick.
        at: one of x; the values there stand after the names.
        alone: methods with a single value, the one at `at`.
        x_title, y_title: the quantities on the axes, with their units.

    Raises:
        ValueError: if a line has not one value for each x, or there are too many of them.

    >>> figure = rivals([1.0, 2.0], {"good": [0.5, 0.0], "bad": [1.0, 0.75]}, main="good", at=2.0)
    >>> [trace.name for trace in figure.data]
    ['good\u20020', 'bad\u20020.75']
    """
    wrong = [name for name, y in lines.items() if len(y) != len(x)]
    if wrong or len(lines) > len(RIVALS) + 1:
        raise ValueError(f"{len(lines)} lines, of them not {len(x)} values long: {wrong}")
    now = list(x).index(at)
    values = {name: y[now] for name, y in lines.items()} | dict(alone or {})
    styles = _styles([name for name in lines if name != main])
    figure = go.Figure(layout=layout(height=PLOT_PX + NAME_PX * len(values)))
    for rank, name in enumerate(sorted(values, key=lambda each: values[each])):
        said = f"{name}\u2002{values[name]:.3g}"
        ends = {
            "name": said,
            "legendrank": rank,
            "hovertemplate": f"%{{x:.4g}}: %{{y:.3g}}<extra>{name}</extra>",
        }
        if name in lines:
            drawn = _thick() if name == main else _thin(styles[name], x)
            figure.add_scatter(x=list(x), y=list(lines[name]), **drawn, **ends)
        else:
            figure.add_scatter(x=[at], y=[values[name]], **_alone(), **ends)
    figure.add_vline(x=at, layer="below", line={"width": 1.5, "dash": "dot", "color": GREY})
    figure.update_layout(showlegend=True, legend=_legend(), margin_r=LAST_NUMBER_PX)
    figure.update_xaxes(title_text=x_title, range=[min(x), max(x)], zeroline=False, tickangle=0)
    figure.update_yaxes(title_text=y_title, rangemode="tozero", zeroline=True)
    return figure


def _styles(names: Sequence[str]) -> dict[str, tuple[str, str, str]]:
    """A hue, a dash and a marker for each method."""
    return dict(zip(names, zip(RIVALS, DASHES, SYMBOLS, strict=True), strict=False))


def _thick() -> dict[str, Any]:
    return {"mode": "lines", "line": {"width": THICK_PX, "color": BLUE}}


def _thin(style: tuple[str, str, str], x: Sequence[float]) -> dict[str, Any]:
    colour, dash, symbol = style
    every = max(1, round(len(x) / MARKERS))
    sizes = [0 if n % every else MARKER_PX for n in range(1, len(x) + 1)]
    return {
        "mode": "lines+markers",
        "line": {"width": THIN_PX, "color": colour, "dash": dash},
        "marker": {"symbol": symbol, "color": colour, "size": sizes, "line": {"width": 0}},
    }


def _alone() -> dict[str, Any]:
    ring = {"symbol": "diamond-open", "color": BLUE, "size": ALONE_PX, "line": {"width": 3}}
    return {"mode": "markers", "marker": ring, "cliponaxis": False}


def _legend() -> dict[str, Any]:
    return {
        "orientation": "h",
        "x": 0,
        "y": 1.02,
        "yanchor": "bottom",
        "font": {"size": TEXT_PX},
        "itemwidth": 40,
        "itemsizing": "trace",
    }
