"""A row of a matrix that is folded into a kernel, number by number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from viz.figures.heat import Heat, heat
from viz.figures.theme import FIELD, GREY, TEXT_PX, layout

HEIGHT_PX = 360
KERNEL_AT, INPUT_AT, GRIDS_AT = 0.0, 10.0, 2.3  # columns and the row where they begin, in cells
GAP = 1.0  # cells between two grids
Grid = Sequence[Sequence[float]]
Place = tuple[int, int, int]  # channel, row, column


def folding(
    row: Sequence[float],
    places: Sequence[Place],
    inputs: Sequence[Grid],
    *,
    done: int,
    row_title: str,
    kernel_titles: Sequence[str],
    input_titles: Sequence[str],
    dark: bool = False,
) -> go.Figure:
    """The row above; below it the kernel as far as it is filled, and the window that it reads.

    Args:
        row: the weights.
        places: where in the kernel each of them goes.
        inputs: for each channel the numbers of the window.
        done: how many weights are in the kernel; the last of them is framed.
        row_title, kernel_titles, input_titles: the headings, one for each channel below.
        dark: whether the page is dark.

    >>> figure = folding([1, -1], [(0, 0, 0), (0, 0, 1)], [[[5, 6]]], done=1,
    ...                  row_title="row", kernel_titles=["1"], input_titles=["1"])
    >>> [cell.text for cell in figure.layout.annotations if cell.name == "kernel"]
    ['1']
    """
    weights = heat(row, "weight", dark=dark)
    read = heat([each for grid in inputs for line in grid for each in line], "input", dark=dark)
    figure = go.Figure(layout=layout(height=HEIGHT_PX))
    _title(figure, 0.0, 0.4, row_title)
    for n, value in enumerate(row):
        _cell(figure, (n, 1.0), value, weights, name="row", faint=n < done - 1)
        _note(figure, (n, 1.85), str(n))
    wide = len(inputs[0][0]) + GAP
    for channel, grid in enumerate(inputs):
        for at, titles in ((KERNEL_AT, kernel_titles), (INPUT_AT, input_titles)):
            # below, so that no arrow from the row crosses it
            _title(figure, at + channel * wide, GRIDS_AT + len(grid) + 0.6, titles[channel], "top")
        for r, line in enumerate(grid):
            for c, value in enumerate(line):
                x, y = channel * wide + c, GRIDS_AT + 1 + r
                _blank(figure, (KERNEL_AT + x, y))
                _cell(figure, (INPUT_AT + x, y), value, read, name="input")
    for n, (channel, r, c) in enumerate(places[:done]):
        corner = (KERNEL_AT + channel * wide + c, GRIDS_AT + 1 + r)
        _cell(figure, corner, row[n], weights, name="kernel")
    if done:
        _framed(figure, done - 1, places[done - 1], wide)
    _axes(figure, max(len(row), INPUT_AT + wide * len(inputs)), GRIDS_AT + 2 + len(inputs[0]))
    return figure


def _framed(figure: go.Figure, n: int, place: Place, wide: float) -> None:
    """The newest weight in the row, in the kernel, and the number that it is multiplied with."""
    channel, r, c = place
    x, y = channel * wide + c, GRIDS_AT + 1 + r
    for at in ((float(n), 1.0), (KERNEL_AT + x, y), (INPUT_AT + x, y)):
        figure.add_shape(_square(at, line={"color": FIELD, "width": 5}))
    arrow = {"ax": n, "ay": 2.1, "axref": "x", "ayref": "y", "arrowcolor": FIELD, "arrowwidth": 3}
    figure.add_annotation(
        x=KERNEL_AT + x, y=y - 0.55, text="", showarrow=True, arrowhead=2, name="arrow", **arrow
    )


def _square(at: tuple[float, float], **given: Any) -> dict[str, Any]:
    x, y = at
    return {"type": "rect", "x0": x - 0.47, "x1": x + 0.47, "y0": y - 0.47, "y1": y + 0.47, **given}


def _cell(
    figure: go.Figure,
    at: tuple[float, float],
    value: float,
    scale: Heat,
    *,
    name: str,
    faint: bool = False,
) -> None:
    fill, ink = scale.cell(value)
    figure.add_shape(_square(at, fillcolor=fill, line={"width": 0}, opacity=0.35 if faint else 1))
    figure.add_annotation(
        x=at[0],
        y=at[1],
        text=f"{value:g}".replace("-", "−"),
        showarrow=False,
        name=name,
        font={"size": TEXT_PX + 2, **({} if faint else {"color": ink})},
    )


def _blank(figure: go.Figure, at: tuple[float, float]) -> None:
    figure.add_shape(_square(at, line={"width": 1, "color": GREY, "dash": "dot"}))


def _note(figure: go.Figure, at: tuple[float, float], words: str) -> None:
    figure.add_annotation(
        x=at[0], y=at[1], text=words, showarrow=False, name="index", font={"size": 14}
    )


def _title(figure: go.Figure, x: float, y: float, words: str, grows_from: str = "bottom") -> None:
    figure.add_annotation(
        x=x - 0.47,
        y=y,
        text=words,
        showarrow=False,
        xanchor="left",
        yanchor=grows_from,
        align="left",
        font={"size": TEXT_PX},
    )


def _axes(figure: go.Figure, width: float, height: float) -> None:
    figure.update_xaxes(visible=False, range=[-0.6, width - 0.4], fixedrange=True)
    figure.update_yaxes(visible=False, range=[height - 0.4, -0.6], fixedrange=True)
