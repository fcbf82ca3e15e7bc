"""The numbers of one window, with those that a max keeps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from viz.figures.heat import Heat, heat
from viz.figures.theme import FIELD, layout

CELL_PX, NUMBER_PX = 72, 20
EDGE = 0.54  # of a cell: half of it, and room for the frame


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
    >>> figure.data[1].text[:2], len(figure.layout.shapes)
    (('0.50', '1.00'), 1)
    """
    scale = heat([each for row in values for each in row], "input", dark=dark)
    last = len(scale.stops) - 1
    colours = [
        (n / last, f"rgb({r:.0f},{g:.0f},{b:.0f})") for n, (r, g, b) in enumerate(scale.stops)
    ]
    cells = go.Heatmap(
        z=values,
        hovertemplate="%{z:.6g}<extra></extra>",
        colorscale=colours,
        zmin=scale.low,
        zmax=scale.high,
        showscale=False,
        xgap=2,
        ygap=2,
    )
    figure = go.Figure(cells, layout(height=CELL_PX * len(values) + 16))
    figure.add_scatter(**_numbers(values, scale))
    across, down = [-EDGE, len(values[0]) - 1 + EDGE], [len(values) - 1 + EDGE, -EDGE]
    figure.update_xaxes(visible=False, range=across, constrain="domain", constraintoward="left")
    figure.update_yaxes(visible=False, range=down, scaleanchor="x", constrain="domain")
    for place, dash in ((chosen, "dot"), (kept, "solid")):
        if place is not None:
            figure.add_shape(_frame(*place, dash))
    return figure


def _numbers(values: Sequence[Sequence[float]], scale: Heat) -> dict[str, Any]:
    """The number in every cell, in the ink that is read best on its colour."""
    cells = [(x, y, value) for y, row in enumerate(values) for x, value in enumerate(row)]
    return {
        "x": [x for x, _, _ in cells],
        "y": [y for _, y, _ in cells],
        "text": [f"{value:.2f}".replace("-", "−") for *_, value in cells],
        "mode": "text",
        "textfont": {"size": NUMBER_PX, "color": [scale.cell(value)[1] for *_, value in cells]},
        "hoverinfo": "skip",
    }


def _frame(row: int, column: int, dash: str) -> dict[str, Any]:
    sides = {"x0": column - 0.5, "x1": column + 0.5, "y0": row - 0.5, "y1": row + 0.5}
    return {"type": "rect", **sides, "line": {"color": FIELD, "width": 5, "dash": dash}}
