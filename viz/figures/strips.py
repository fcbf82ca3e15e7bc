"""Several measurements of each of a few things: a dot for each, their mean and their spread."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from math import log10
from typing import Any

import plotly.graph_objects as go

from viz.figures.curves import LAST_NUMBER_PX
from viz.figures.theme import BLUE, GREY, TEXT_PX, layout

ROW_PX, AXIS_PX = 57, 70
SHIFTS = (0.0, 0.12, -0.12, 0.06, -0.06)  # of dots, in rows, so that equal ones are all seen
NAME_PX = 21  # from a row up to its name
DOT_PX, RING_PX, MEAN_PX = 9, 15, 17
FAINT = "rgba(128, 128, 128, 0.2)"


def strips(
    values: Mapping[str, Sequence[float]],
    *,
    rings: Mapping[str, Sequence[float]] | None = None,
    notes: Mapping[str, str] | None = None,
    highlighted: Collection[str] = (),
    axis_title: str = "",
    ticks: Sequence[float] = (),
    at: tuple[str, float] | None = None,
    is_log: bool = True,
) -> go.Figure:
    """A row for each name, on a logarithmic axis unless told otherwise.

    Args:
        values: name -> its measurements, all above 0 on a logarithmic axis.
        rings: name -> values to mark with a ring, such as newer ones.
        notes: name -> a short text at the right end of its row, such as the mean.
        highlighted: the names in the colour of the important one.
        axis_title: the quantity, with its unit.
        ticks: the numbers on the axis, which reaches from the first to the last.
        at: the name of an x, which an upright line marks, such as the mean of the first.
        is_log: whether the axis is logarithmic.

    Returns:
        A Figure in which every measurement is a dot, an upright line is their mean, and a bar
        reaches one standard deviation to either side.

    Raises:
        ValueError: if a value is not above 0 on a logarithmic axis.

    >>> dots, mean = strips({"a": [1.0, 3.0]}).data
    >>> list(dots.x), list(mean.x), [round(end, 2) for end in mean.error_x.array]
    ([1.0, 3.0], [2.0], [1.41])
    """
    if is_log and any(each <= 0 for row in values.values() for each in row):
        raise ValueError("a logarithmic axis has no 0")
    figure = go.Figure(layout=layout(height=ROW_PX * len(values) + AXIS_PX))
    figure.update_layout(margin_r=LAST_NUMBER_PX)
    for row, (name, found) in enumerate(values.items()):
        colour = BLUE if name in highlighted else GREY
        _dots(figure, row, found, name, {"size": DOT_PX, "color": colour, "opacity": 0.55})
        _mean(figure, row, found, name, colour)
        ringed = (rings or {}).get(name, ())
        if ringed:
            _dots(
                figure,
                row,
                ringed,
                name,
                {"size": RING_PX, "symbol": "circle-open", "color": colour, "line": {"width": 2.5}},
            )
        _name(figure, row, name, colour, (notes or {}).get(name, ""))
    _axes(figure, len(values), axis_title, ticks, is_log=is_log)
    if at is not None:
        _line(figure, *at, is_log=is_log)
    return figure


def _dots(
    figure: go.Figure, row: int, x: Sequence[float], name: str, marker: dict[str, Any]
) -> None:
    y = [row + SHIFTS[n % len(SHIFTS)] for n in range(len(x))]
    figure.add_scatter(
        x=list(x),
        y=y,
        name=name,
        mode="markers",
        marker=marker,
        hovertemplate="%{x:.3g}<extra>%{fullData.name}</extra>",
    )


def _mean(figure: go.Figure, row: int, found: Sequence[float], name: str, colour: str) -> None:
    mean, spread = mean_and_spread(found)
    figure.add_scatter(
        x=[mean],
        y=[row],
        name=name,
        mode="markers",
        marker={
            "symbol": "line-ns",
            "size": MEAN_PX,
            "line": {"width": 4, "color": colour},
        },
        error_x={
            "type": "data",
            "array": [spread],
            "arrayminus": [min(spread, 0.9 * mean)],  # a logarithmic axis has no 0
            "color": colour,
            "thickness": 3,
            "width": 7,
        },
        hovertemplate=f"%{{x:.3g}} ± {spread:.2g}<extra>%{{fullData.name}}</extra>",
    )


def mean_and_spread(values: Sequence[float]) -> tuple[float, float]:
    """The mean, and the standard deviation with n − 1; that of one value is 0.

    >>> mean_and_spread([1.0, 3.0]), mean_and_spread([5.0])
    ((2.0, 1.4142135623730951), (5.0, 0.0))
    """
    mean = sum(values) / len(values)
    squares = sum((each - mean) ** 2 for each in values)
    return mean, (squares / max(1, len(values) - 1)) ** 0.5


def _name(figure: go.Figure, row: int, name: str, colour: str, note: str) -> None:
    """The name above the row at its left end, and the note at its right end."""
    place = {
        "xref": "paper",
        "y": row,
        "yshift": NAME_PX,
        "showarrow": False,
        "font": {"size": TEXT_PX, **({"color": BLUE} if colour == BLUE else {})},
    }
    figure.add_annotation(text=name, x=0, xanchor="left", **place)
    if note:
        figure.add_annotation(text=f"<b>{note}</b>", x=1, xanchor="right", **place)


def _line(figure: go.Figure, name: str, x: float, *, is_log: bool) -> None:
    """An upright dotted line, with its name beside it in the first row."""
    figure.add_vline(x=x, layer="below", line={"width": 1.5, "dash": "dot", "color": GREY})
    figure.add_annotation(
        text=name,
        x=log10(x) if is_log else x,
        y=0,
        xanchor="left",
        xshift=4,
        yshift=NAME_PX,
        showarrow=False,
        font={"size": TEXT_PX},
    )


def _axes(
    figure: go.Figure, rows: int, title: str, ticks: Sequence[float], *, is_log: bool
) -> None:
    ends = [log10(end) if is_log else end for end in (*ticks[:1], *ticks[-1:])]
    reach = {"range": ends, "tickvals": list(ticks)} if ticks else {}
    words = {"ticktext": [f"{tick:g}" for tick in ticks]} if ticks else {}
    figure.update_xaxes(
        type="log" if is_log else "linear",
        title_text=title,
        zeroline=False,
        showgrid=True,
        gridcolor=FAINT,
        **reach,
        **words,
    )
    figure.update_yaxes(range=[rows - 0.5, -0.65], visible=False)
