"""What the orientation of bars means: the angle from horizontal, counter-clockwise."""

from __future__ import annotations

from math import cos, radians, sin

import numpy as np
import plotly.graph_objects as go

from viz.figures.groups import orientation_colour
from viz.figures.heat import heat
from viz.figures.theme import GREY, TEXT_PX, layout

HEIGHT_PX = 240
PIXELS = 81  # a side of the picture of the bars
PERIODS = 4  # of the bars across it
REACH = 1.5  # of the drawing upwards, where the disc has the radius 1
LINE = 1.2  # half the length of the lines
BESIDE = 1.12  # distance of the angle from the middle
ARC = 0.7  # radius of the arc


def angle_convention(degrees: float, *, named: str = "", normal: str = "") -> go.Figure:
    """A disc of bars, the line that they lie along, and the arc from horizontal to it.

    Args:
        degrees: of the bars, from 0 to below 180.
        named: is written at the arc.
        normal: is written at the line across the bars, which is not their orientation.

    >>> line = angle_convention(0.0).data[2]
    >>> [round(x, 6) for x in line.x], [round(y, 6) for y in line.y]
    ([-1.2, 1.2], [-0.0, 0.0])
    """
    figure = go.Figure(layout=layout(height=HEIGHT_PX))
    figure.add_layout_image(
        source=_disc(degrees),
        xref="x",
        yref="y",
        x=-1,
        y=1,
        sizex=2,
        sizey=2,
        layer="below",
    )
    hue = orientation_colour(degrees)
    figure.add_trace(_line(0, {"color": GREY, "width": 2}))
    figure.add_trace(_line(degrees + 90, {"color": GREY, "width": 2, "dash": "dot"}))
    figure.add_trace(_line(degrees, {"color": hue, "width": 6}))
    arc = np.linspace(0, radians(degrees), 40)
    figure.add_scatter(
        x=(ARC * np.cos(arc)).tolist(),
        y=(ARC * np.sin(arc)).tolist(),
        mode="lines",
        line={"color": hue, "width": 4},
        hoverinfo="skip",
    )
    figure.add_annotation(_name(named, degrees / 2, BESIDE, strong=True, xanchor="left"))
    figure.add_annotation(_name(normal, degrees + 90, LINE + 0.08, yanchor="bottom"))
    figure.update_xaxes(range=[-REACH, REACH], visible=False)
    figure.update_yaxes(range=[-LINE, REACH], visible=False, scaleanchor="x")
    return figure


def _disc(degrees: float) -> str:
    """Bars as a picture, clear outside a circle."""
    steps = np.linspace(-1, 1, PIXELS)
    right, down = np.meshgrid(steps, steps)
    angle = radians(degrees)
    across = right * sin(angle) + down * cos(angle)
    bars = np.cos(np.pi * PERIODS * across)
    inside = np.hypot(right, down) <= 1
    return heat([-1.0, 1.0], "grey").picture(np.where(inside, bars, np.nan).tolist())


def _line(degrees: float, line: dict[str, object]) -> go.Scatter:
    x, y = LINE * cos(radians(degrees)), LINE * sin(radians(degrees))
    return go.Scatter(x=[-x, x], y=[-y, y], mode="lines", line=line, hoverinfo="skip")


def _name(
    text: str, degrees: float, far: float, *, strong: bool = False, **anchors: str
) -> dict[str, object]:
    return {
        "text": f"<b>{text}</b>" if strong else text,
        "x": far * cos(radians(degrees)),
        "y": far * sin(radians(degrees)),
        "showarrow": False,
        "font": {"size": TEXT_PX + 4 * strong},
        **anchors,
    }
