"""Lines over one axis beside the spread of several others: a band from their lowest to their highest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from viz.figures.theme import BLUE, GREY, TEXT_PX, layout

HEIGHT_PX = 340
LAST_NUMBER_PX = 24  # room for half of the last number of the x axis, which plotly drops without it
BAND = "rgba(128, 128, 128, 0.28)"
DASHES = ("2px,4px", "8px,5px")
LEGEND = {
    "orientation": "h",
    "x": 0,
    "y": 1.02,
    "yanchor": "bottom",
    "font": {"size": TEXT_PX},
    "itemwidth": 40,
}


Band = tuple[Sequence[float], Sequence[float], Sequence[float]]  # lowest, mean, highest


def banded(
    x: Sequence[float],
    thick: tuple[str, Sequence[float]],
    spread: tuple[str, Band],
    *,
    lines: Mapping[str, Sequence[float]] | None = None,
    x_title: str = "",
    y_title: str = "",
    x_ticks: Sequence[float] = (),
    x_labels: Sequence[str] = (),
) -> go.Figure:
    """A thick line, thin ones, and a dashed mean in its band.

    Args:
        x: the x of all values.
        thick: the name and the values of the thick line, in blue and on top.
        spread: the name of the band, and its lowest, mean and highest values.
        lines: names and values of thin lines; at most two.
        x_title, y_title: the quantities on the axes, with their units.
        x_ticks: the numbers on the x axis; plotly's choice if empty.
        x_labels: what is written at them instead, one for each.

    Raises:
        ValueError: if a line has not one value for each x.

    >>> figure = banded([0, 1], ("one", [5, 6]), ("many", ([1, 1], [2, 2], [3, 3])))
    >>> [trace.name for trace in figure.data if trace.showlegend]
    ['many', 'one']
    """
    name, ends = spread
    low, mean, high = ends
    thin = dict(lines or {})
    named = {**thin, name: mean, "low": low, "high": high, thick[0]: thick[1]}
    wrong = [each for each, y in named.items() if len(y) != len(x)]
    if wrong:
        raise ValueError(f"{wrong[0]} has {len(named[wrong[0]])} values for {len(x)} places")
    figure = go.Figure(layout=layout(height=HEIGHT_PX))
    edge: dict[str, Any] = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
    figure.add_scatter(x=list(x), y=list(high), showlegend=False, **edge)
    figure.add_scatter(
        x=list(x), y=list(low), fill="tonexty", fillcolor=BAND, showlegend=False, **edge
    )
    dashed = {"color": GREY, "width": 2.5, "dash": DASHES[1]}
    _line(figure, x, name, mean, dashed)
    for each, y in thin.items():
        _line(figure, x, each, y, {"color": GREY, "width": 2, "dash": DASHES[0]})
    _line(figure, x, *thick, {"color": BLUE, "width": 5})
    ticks: dict[str, Any] = {"tickvals": list(x_ticks)} if x_ticks else {}
    ticks |= {"ticktext": list(x_labels)} if x_labels else {}
    figure.update_layout(showlegend=True, legend=LEGEND, margin_r=LAST_NUMBER_PX)
    reach = [min([*x, *x_ticks]), max([*x, *x_ticks])]
    figure.update_xaxes(title_text=x_title, range=reach, zeroline=False, tickangle=0, **ticks)
    figure.update_yaxes(title_text=y_title, rangemode="tozero", zeroline=True)
    return figure


def _line(
    figure: go.Figure, x: Sequence[float], name: str, y: Sequence[float], style: dict[str, Any]
) -> None:
    figure.add_scatter(
        x=list(x),
        y=list(y),
        name=name,
        mode="lines",
        line=style,
        showlegend=True,
        hovertemplate="%{x:.4g}: %{y:.4g}<extra>%{fullData.name}</extra>",
    )
