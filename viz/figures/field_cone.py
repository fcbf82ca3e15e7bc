"""The part of every layer that belongs to a unit or a pixel, along one axis of the picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from viz.figures.theme import BLUE, FIELD, GREY, TEXT_PX, layout

ROW_PX, AROUND_PX = 36, 96
MOST_PX = 760
BORDER = {"width": 2, "dash": "dash", "color": GREY}
MOST_WRITTEN = 20  # rows with a number on their bar

Bar = tuple[float, float, str]  # from, to, and what is written


def field_cone(
    names: Sequence[str],
    bars: Mapping[str, Sequence[Bar]],
    *,
    length: int,
    x_title: str = "",
    border: str = "",
) -> go.Figure:
    """A row for each layer, the picture at the bottom, and on it a bar from a first pixel to a last.

    Args:
        names: of the rows, from the picture on.
        bars: the name of one or two units or pixels -> a bar for each row; the first is orange.
        length: pixels of the picture along the axis; both borders are drawn.
        x_title: the quantity along the axis.
        border: the name of the borders.

    Raises:
        ValueError: if a row has no bar.

    >>> figure = field_cone(["photo", "1"], {"A": [(0, 3, "3"), (1, 2, "1")]}, length=9)
    >>> [(list(bar.base), list(bar.x)) for bar in figure.data]
    [([0, 1], [3, 1])]
    """
    if any(len(row) != len(names) for row in bars.values()):
        raise ValueError(f"{len(names)} rows have bars {[len(row) for row in bars.values()]}")
    height = min(MOST_PX, ROW_PX * len(names) + AROUND_PX)
    figure = go.Figure(layout=layout(height=height))
    for (name, row), colour in zip(bars.items(), (FIELD, BLUE), strict=False):
        figure.add_bar(
            base=[start for start, _, _ in row],
            x=[end - start for start, end, _ in row],
            y=list(range(len(names))),
            name=name,
            orientation="h",
            marker={"color": colour, "opacity": 0.62, "line": {"width": 2, "color": colour}},
            text=[said for *_, said in row],
            hovertemplate="%{text}<extra>%{fullData.name}</extra>",
            textposition="none",
        )
    if len(names) <= MOST_WRITTEN:
        _write(figure, next(iter(bars.values())))
    for place in (-0.5, length - 0.5):
        figure.add_vline(x=place, layer="below", line=BORDER)
    _axes(figure, names, x_title, length)
    if border:  # in the legend, for beside the bars there is no room on a phone
        figure.add_scatter(x=[None], y=[None], name=border, mode="lines", line=BORDER)
    return figure


def _write(figure: go.Figure, row: Sequence[Bar]) -> None:
    """What belongs to the first one, left of its bar."""
    for y, (start, _, said) in enumerate(row):
        figure.add_annotation(
            x=start,
            y=y,
            text=said,
            xanchor="right",
            xshift=-5,
            showarrow=False,
            font={"size": TEXT_PX},
        )


def _axes(figure: go.Figure, names: Sequence[str], x_title: str, length: int) -> None:
    figure.update_layout(
        barmode="overlay",
        bargap=0.18,
        showlegend=True,
        legend={
            "orientation": "h",
            "x": 0,
            "y": 1.02,
            "yanchor": "bottom",
            "font": {"size": TEXT_PX},
        },
    )
    every = [place for bar in figure.data for place in (*bar.base, *_ends(bar))]
    low, high = min(*every, -0.5), max(*every, length - 0.5)
    room = 0.12 * (high - low)
    figure.update_xaxes(title_text=x_title, range=[low - room, high + 0.03 * (high - low)])
    few = -(-len(names) // 26)
    ticks = range(0, len(names), few)
    figure.update_yaxes(
        tickvals=list(ticks), ticktext=[names[at] for at in ticks], range=[-0.6, len(names) - 0.4]
    )


def _ends(bar: Any) -> list[float]:
    return [base + wide for base, wide in zip(bar.base, bar.x, strict=True)]
