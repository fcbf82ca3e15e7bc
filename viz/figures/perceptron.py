"""A perceptron for one input: a column of units for each layer, and a line for each weight."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from viz.figures.heat import heat
from viz.figures.theme import GREY, TEXT_PX, WEIGHT_NEGATIVE, WEIGHT_POSITIVE, layout

MAX_UNITS = 12  # of a layer; of more the strongest are drawn
UNIT_PX, HALF_UNIT_PX = (46, 27), (23, 13.5)  # narrow, for three columns must fit on a phone
ROW_PX, HEAD_PX = 36, 58  # one unit and the gap below it; the titles of the layers
MAX_HIDDEN_NAMED = 6  # units in a column between others; more names would cover lines
LETTER_PX = 0.52 * TEXT_PX
WIDEST_PX = 7.0  # the line of the largest product
WIDTHS = 4  # different widths of lines

Array = np.ndarray[Any, np.dtype[np.float64]]
Drawn = dict[str, Any]  # a shape or an annotation


def perceptron(
    values: Sequence[Sequence[float]],
    names: Sequence[Sequence[str]],
    weights: Sequence[Sequence[Sequence[float]]],
    titles: Sequence[str],
) -> go.Figure:
    """Units from left to right; the fill of a unit is its activation.

    A line is as wide as |weight × activation|, and its colour is the sign of the weight. Weights
    whose unit is 0 are thin lines, and weights that are 0 have none.

    Args:
        values: the activations of each layer.
        names: the name of every unit.
        weights: one matrix between each layer and the next, a row for each unit of the next.
        titles: of the layers; each is followed by the number of units.

    Returns:
        A Figure of at most `MAX_UNITS` units a layer, the strongest, in their order.

    Raises:
        ValueError: if a matrix does not fit the layers on both sides.

    >>> figure = perceptron([[1.0, 2.0], [0.0]], [["a", "b"], ["c"]], [[[1.0, -0.5]]], ["in", "out"])
    >>> [note.text for note in figure.layout.annotations][:3]
    ['1.00', '<b>a</b>', '2.00']
    """
    for n, matrix in enumerate(weights):
        if np.shape(matrix) != (len(values[n + 1]), len(values[n])):
            raise ValueError(
                f"weights of {np.shape(matrix)} do not fit {len(values[n])} and {len(values[n + 1])} units"
            )
    shown = [strongest(layer) for layer in values]
    rows = max(map(len, shown))
    places = [_places(len(units), rows) for units in shown]
    figure = go.Figure(layout=layout(height=ROW_PX * rows + HEAD_PX))
    for n, matrix in enumerate(weights):
        used = np.array(matrix, dtype=float)[np.ix_(shown[n + 1], shown[n])]
        activations = np.array(values[n], dtype=float)[shown[n]]
        _draw_lines(figure, n, used, used * activations, places[n], places[n + 1])
    last, boxes, notes = len(values) - 1, list[Drawn](), list[Drawn]()
    for n, layer in enumerate(values):
        figure.add_trace(_under_the_pointer(n, layer, names[n], shown[n], places[n]))
        boxes += _boxes(n / last, layer, shown[n], places[n])
        notes += _notes(n, last, layer, names[n], shown[n], places[n])
        notes.append(_title(n, titles[n], len(layer), len(shown[n])))
    # all at once: one that is added alone has all the others checked again
    figure.update_layout(shapes=boxes, annotations=notes)
    _frame(figure, names, shown, rows)
    return figure


def strongest(layer: Sequence[float]) -> list[int]:
    """The units that are drawn of a layer, in their order: those farthest from 0.

    >>> len(strongest([1.0] * 40)), strongest([0.0] * 12 + [-1.0])[-1]
    (12, 12)
    """
    order = sorted(range(len(layer)), key=lambda unit: -abs(layer[unit]))
    return sorted(order[:MAX_UNITS])


def _places(units: int, rows: int) -> list[float]:
    """The heights of a column's units, from the top down: evenly over all rows.

    >>> _places(2, 4), _places(1, 3)
    ([0.5, 2.5], [1.0])
    """
    gap = rows / units
    return [gap * (unit + 0.5) - 0.5 for unit in range(units)]


def _draw_lines(
    figure: go.Figure,
    layer: int,
    weights: Array,
    products: Array,
    left: Sequence[float],
    right: Sequence[float],
) -> None:
    """All lines between two layers, in one trace for each colour and width."""
    largest = float(np.abs(products).max(initial=0)) or 1.0
    kinds: dict[tuple[bool, int], list[tuple[float, float]]] = {}
    for row, column in zip(*np.nonzero(weights), strict=True):
        width = int(np.ceil(WIDTHS * abs(products[row, column]) / largest))
        ends = left[column], right[row]
        kinds.setdefault((bool(weights[row, column] > 0), width), []).append(ends)
    for (positive, width), lines in sorted(kinds.items(), key=lambda kind: kind[0][1]):
        figure.add_scatter(
            x=[x for _ in lines for x in (layer, layer + 1, None)],
            y=[y for start, end in lines for y in (start, end, None)],
            mode="lines",
            line={
                "color": WEIGHT_POSITIVE if positive else WEIGHT_NEGATIVE,
                "width": WIDEST_PX * width / WIDTHS if width else 1,
            },
            opacity=0.3 + 0.6 * width / WIDTHS,
            hoverinfo="skip",
        )


def _cells(layer: Sequence[float], units: Sequence[int]) -> list[tuple[str, str]]:
    """The fill of each unit of a layer, and the colour of the number in it."""
    scale = heat([layer[unit] for unit in units] + [0.0], "input")
    return [scale.cell(layer[unit]) for unit in units]


def _boxes(
    x: float, layer: Sequence[float], units: Sequence[int], places: Sequence[float]
) -> list[Drawn]:
    """The units of one layer as filled boxes."""
    cells = _cells(layer, units)
    return [_box(x, y, fill) for y, (fill, _) in zip(places, cells, strict=True)]


def _notes(
    column: int,
    last: int,
    layer: Sequence[float],
    names: Sequence[str],
    units: Sequence[int],
    places: Sequence[float],
) -> list[Drawn]:
    """The number in each unit of one layer, and its name beside it."""
    notes, beside = list[Drawn](), _beside(column, last, len(units))
    for unit, y, (_, ink) in zip(units, places, _cells(layer, units), strict=True):
        note = {"x": column, "y": y, "showarrow": False}
        font = {"size": TEXT_PX, "color": ink}
        notes.append({"text": _short(layer[unit]), "font": font, **note})
        if beside:
            named = {"text": f"<b>{names[unit]}</b>", "font": {"size": TEXT_PX}}
            notes.append({**named, **note, **beside})
    return notes


def _under_the_pointer(
    column: int,
    layer: Sequence[float],
    names: Sequence[str],
    units: Sequence[int],
    places: Sequence[float],
) -> go.Scatter:
    """The name and the exact value of each unit of one layer, for the pointer."""
    return go.Scatter(
        x=[column] * len(units),
        y=list(places),
        mode="markers",
        marker={"opacity": 0, "size": UNIT_PX[1]},
        customdata=[(names[unit], layer[unit]) for unit in units],
        hovertemplate="%{customdata[0]}<br>%{customdata[1]:.6g}<extra></extra>",
    )


def _short(value: float) -> str:
    """A number that fits into a unit.

    >>> _short(-0.126), _short(12.36), _short(12345.0)
    ('−0.13', '12.4', '12345')
    """
    decimals = 2 if abs(value) < 10 else 1 if abs(value) < 100 else 0
    return f"{value:.{decimals}f}".replace("-", "−")


def _box(x: float, y: float, fill: str) -> Drawn:
    """A unit; with its x as a share of the plot's width, a box at the side of the plot is not cut."""
    across, down = HALF_UNIT_PX
    return {
        "type": "rect",
        "xsizemode": "pixel",
        "ysizemode": "pixel",
        "xref": "paper",
        "xanchor": x,
        "yanchor": y,
        "x0": -across,
        "x1": across,
        "y0": -down,
        "y1": down,
        "fillcolor": fill,
        "line": {"color": GREY, "width": 1},
        "layer": "above",
    }


def _beside(column: int, last: int, units: int) -> Mapping[str, Any]:
    """Where the name of a unit is: outside the first and the last layer, above the others."""
    if column == 0:
        return {"xanchor": "right", "xshift": -HALF_UNIT_PX[0] - 6}
    if column == last:
        return {"xanchor": "left", "xshift": HALF_UNIT_PX[0] + 6}
    if units > MAX_HIDDEN_NAMED:
        return {}
    return {"yanchor": "bottom", "yshift": HALF_UNIT_PX[1] + 1}


def _title(column: int, title: str, units: int, shown: int) -> Drawn:
    count = str(units) if shown == units else f"{shown} / {units}"
    return {
        "x": column,
        "y": -0.5,
        "yanchor": "bottom",
        "yshift": 6,
        "text": f"{title}<br>{count}",
        "showarrow": False,
        "font": {"size": TEXT_PX},
    }


def _frame(
    figure: go.Figure, names: Sequence[Sequence[str]], shown: Sequence[Sequence[int]], rows: int
) -> None:
    """Axes that are not drawn, with room for the names on both sides."""
    first, last = (
        int(LETTER_PX * max(len(names[n][unit]) for unit in shown[n])) + HALF_UNIT_PX[0] + 10
        for n in (0, -1)
    )
    figure.update_layout(margin={"l": first, "r": last, "t": HEAD_PX - 8, "b": 8})
    hidden = {"visible": False, "fixedrange": True}
    figure.update_xaxes(range=[0, len(shown) - 1], **hidden)
    figure.update_yaxes(range=[rows - 0.5, -0.5], **hidden)
