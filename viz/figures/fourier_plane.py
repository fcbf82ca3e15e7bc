"""The Fourier plane: the power of filters at every frequency, and an outline for each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from viz.figures.groups import orientation_colour
from viz.figures.theme import SEQUENTIAL, TEXT_PX, layout

HEIGHT_PX = 480
MOST_NAMED = 18  # outlines; names of more would lie on one another
OUTSIDE_PX = 34  # from the middle of an ellipse to its name
DIGITS = 3  # of a share of the largest power
LINE_PX = 3
INK, PAPER = "#ffffff", "rgba(0,0,0,0.55)"  # of names, over the dark plane

Numbers = np.ndarray[Any, np.dtype[np.float64]]


def fourier_plane(
    power: Numbers,
    reach: float,
    degrees: Sequence[float],
    right: Numbers,
    up: Numbers,
    *,
    ring: float,
    ring_name: str = "",
    x_title: str = "",
    y_title: str = "",
    bar_title: str = "",
) -> go.Figure:
    """Power as colour, with the ellipse at half power of each filter in the hue of its bars.

    Args:
        power: `(n, n)`, evenly from −reach to reach, upwards and to the right.
        reach: cycles per pixel.
        degrees: the orientation of the bars of each outline; each is named at its first outline.
        right, up: `(outlines, points)`.
        ring: the radius of a dotted circle, cycles per pixel.
        ring_name: is written inside it.
        x_title, y_title, bar_title: the quantities.

    Raises:
        ValueError: if there is not one outline for each orientation that is given.

    >>> one = np.zeros((1, 3))
    >>> fourier_plane(np.eye(3), 0.25, [45], one, one, ring=0.125).data[0].z.shape
    (3, 3)
    """
    if not len(degrees) == len(right) == len(up):
        raise ValueError(f"{len(degrees)} orientations have {len(right)} and {len(up)} outlines")
    figure = go.Figure(layout=layout(height=HEIGHT_PX))
    figure.add_trace(_plane(power, reach, bar_title))
    circle = {"type": "circle", "x0": -ring, "x1": ring, "y0": -ring, "y1": ring}
    figure.add_shape(circle, line={"color": INK, "width": 1.5, "dash": "dot"})
    for n, angle in enumerate(degrees):
        figure.add_scatter(
            x=right[n].round(4).tolist(),
            y=up[n].round(4).tolist(),
            mode="lines",
            line={"color": orientation_colour(angle), "width": LINE_PX},
            hoverinfo="skip",
        )
        if angle not in degrees[:n] and (len(degrees) <= MOST_NAMED or angle % 45 == 0):
            figure.add_annotation(_outside(f"{angle:g}°", right[n].mean(), up[n].mean()))
    figure.add_annotation(_name(ring_name, 0, 0))
    both: dict[str, Any] = {"range": [-reach, reach], "zeroline": False, "showgrid": False}
    figure.update_xaxes(title_text=x_title, constrain="domain", **both)
    figure.update_yaxes(title_text=y_title, scaleanchor="x", constrain="domain", **both)
    return figure


def _plane(power: Numbers, reach: float, bar_title: str) -> go.Heatmap:
    places = np.linspace(-reach, reach, len(power)).round(4)
    share = (power / (power.max() or 1.0)).round(DIGITS)
    stops = [[n / (len(SEQUENTIAL) - 1), colour] for n, colour in enumerate(SEQUENTIAL)]
    bar = {
        "title": {"text": bar_title, "side": "bottom", "font": {"size": TEXT_PX}},
        "orientation": "h",
        "y": -0.21,
        "yanchor": "top",
        "len": 0.6,
        "thickness": 12,
        "tickvals": [0, 0.5, 1],
        "tickfont": {"size": TEXT_PX},
    }
    return go.Heatmap(
        x=places,
        y=places,
        z=share,
        zmin=0,
        zmax=1,
        colorscale=stops,
        colorbar=bar,
        hovertemplate="%{x:.3f}, %{y:.3f}: %{z:.2f}<extra></extra>",
    )


def _outside(name: str, x: float, y: float) -> dict[str, Any]:
    """A name beyond a place, as seen from the middle."""
    far = float(np.hypot(x, y)) or 1.0
    return _name(name, x, y, xshift=OUTSIDE_PX * x / far, yshift=OUTSIDE_PX * y / far)


def _name(name: str, x: float, y: float, **more: Any) -> dict[str, Any]:
    return {
        "text": name,
        "x": float(x),
        "y": float(y),
        "showarrow": False,
        "font": {"size": TEXT_PX, "color": INK},
        "bgcolor": PAPER,
        "borderpad": 1,
        **more,
    }
