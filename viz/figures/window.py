"""The numbers of one window, with those that a max keeps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from viz.figures.heat import heat
from viz.figures.theme import FIELD, TEXT_PX, layout

CELL_PX = 56


def window(
    values: Sequence[Sequence[float]],
    *,
    kept: tuple[int, int] | None = None,
    chosen: tuple[int, int] | None = None,
    dark: bool = False,
) -> go.Figure:
    """A small grid of numbers as coloured cells.

    Args:
        values: row by row.
        kept: row and column of the number that is kept, framed; None if all of them count.
        chosen: row and column of another number, framed with dots.
        dark: whether the page is dark.

    Returns:
        A Figure with square cells.

    >>> figure = window([[0.5, 1.0], [0.0, 0.25]], kept=(0, 1))
    >>> figure.data[0].text[0], len(figure.layout.shapes)
    (['0.50', '1.00'], 1)
    """
    scale = heat([each for row in values for each in row], "input", dark=dark)
    last = len(scale.stops) - 1
    colours = [
        (n / last, f"rgb({r:.0f},{g:.0f},{b:.0f})") for n, (r, g, b) in enumerate(scale.stops)
    ]
    numbers = go.Heatmap(
        z=values,
        text=[[f"{value:.2f}".replace("-", "−") for value in row] for row in values],
        texttemplate="%{text}",
        hovertemplate="%{z:.6g}<extra></extra>",
        textfont={"size": TEXT_PX + 2},
        colorscale=colours,
        zmin=scale.low,
        zmax=scale.high,
        showscale=False,
        xgap=2,
        ygap=2,
    )
    figure = go.Figure(numbers, layout(height=CELL_PX * len(values) + 16))
    figure.update_xaxes(visible=False, constrain="domain")
    figure.update_yaxes(visible=False, autorange="reversed", scaleanchor="x", constrain="domain")
    for place, dash in ((chosen, "dot"), (kept, "solid")):
        if place is not None:
            figure.add_shape(_frame(*place, dash))
    return figure


def _frame(row: int, column: int, dash: str) -> dict[str, Any]:
    sides = {"x0": column - 0.5, "x1": column + 0.5, "y0": row - 0.5, "y1": row + 0.5}
    return {"type": "rect", **sides, "line": {"color": FIELD, "width": 5, "dash": dash}}
