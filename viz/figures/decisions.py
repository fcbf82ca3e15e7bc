"""The plane of colours, divided into classes by several networks, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from viz.figures.theme import GREY, TEXT_PX, layout, signed_colours

Array = np.ndarray[Any, Any]
SYMBOLS = ("circle", "diamond")
POINT_PX = 6
GAP = 0.04  # between two planes, of the width
HEIGHT_PX = 320
TITLE_PX = 28
PALE = 2  # the colours of the maps reach from −2 to 2 here, so that points stand out


def decisions(
    points: Array,
    colours: Array,
    labels: Array,
    along: Array,
    planes: Mapping[str, Array],
    *,
    x_title: str,
    y_title: str,
    dark: bool = False,
) -> go.Figure:
    """The same points on the plane of each network, which is tinted by its decisions.

    Args:
        points: `(n, 2)`, at most 2,000 on all planes together.
        colours: `(n, 3)` in [0, 1].
        labels: `(n,)`, 0 for a dot, 1 for a diamond.
        along: `(k,)`, the places on both axes.
        planes: for each network `(k, k)` from −1, class 1, to 1, class 0.
        x_title, y_title: of the axes.
        dark: whether the page is dark.

    Returns:
        A Figure with three traces a network: the plane, and the points of both classes. Where the
        decision changes, there is a line.

    >>> plane = {"one": np.eye(3), "other": -np.eye(3)}
    >>> points, along = np.zeros((2, 2)), np.linspace(-1, 1, 3)
    >>> figure = decisions(points, np.ones((2, 3)), np.array([0, 1]), along, plane, x_title="", y_title="")
    >>> len(figure.data)
    6
    """
    figure = go.Figure(layout=layout(height=HEIGHT_PX))
    wide = (1 - GAP * (len(planes) - 1)) / len(planes)
    for n, (name, plane) in enumerate(planes.items()):
        axes = {"xaxis": f"x{n + 1}", "yaxis": f"y{n + 1}"}
        figure.add_trace(_tinted(along, plane, axes, signed_colours(dark=dark)))
        for kind in range(len(SYMBOLS)):
            chosen = labels == kind
            figure.add_trace(_points(points[chosen], colours[chosen], kind, axes, name))
        left = n * (wide + GAP)
        _place(figure, n + 1, (left, left + wide), float(along[-1]), name)
    figure.update_xaxes(title_text=x_title)
    figure.update_layout(margin={"t": TITLE_PX, "l": TITLE_PX}, yaxis_title_text=y_title)
    return figure


def _tinted(along: Array, plane: Array, axes: dict[str, str], colours: Sequence[str]) -> go.Contour:
    """The decisions in the colours of the maps, and a line where they change."""
    return go.Contour(
        x=along,
        y=along,
        z=plane,
        zmin=-PALE,
        zmax=PALE,
        colorscale=[[n / (len(colours) - 1), each] for n, each in enumerate(colours)],
        contours={"start": 0, "end": 0, "size": 1, "coloring": "heatmap"},
        line={"width": 2.5, "color": GREY},
        showscale=False,
        hoverinfo="skip",
        **axes,
    )


def _points(
    points: Array, colours: Array, kind: int, axes: dict[str, str], name: str
) -> go.Scatter:
    hexes = [
        f"#{r:02x}{g:02x}{b:02x}" for r, g, b in np.rint(255 * colours).clip(1, 255).astype(int)
    ]
    rim = {"width": 0.5, "color": "#000000"}
    marker = {"symbol": SYMBOLS[kind], "size": POINT_PX, "color": hexes, "line": rim}
    x, y = points.T
    return go.Scatter(x=x, y=y, mode="markers", marker=marker, name=name, hoverinfo="skip", **axes)


def _place(figure: go.Figure, n: int, domain: tuple[float, float], end: float, name: str) -> None:
    """The axes of plane n, without numbers, and its name above it."""
    axis = {
        "range": [-end, end],
        "zeroline": False,
        "showgrid": False,
        "showticklabels": False,
        "ticks": "",
    }
    x = {**axis, "domain": domain, "anchor": f"y{n}"}
    y = {**axis, "anchor": f"x{n}"}
    figure.update_layout({f"xaxis{n}": x, f"yaxis{n}": y})
    figure.add_annotation(
        text=name,
        x=domain[0],
        y=1,
        xref="paper",
        yref="paper",
        xanchor="left",
        yanchor="bottom",
        showarrow=False,
        font={"size": TEXT_PX},
    )
