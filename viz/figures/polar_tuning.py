"""Responses against the orientation of bars, around a circle: each point lies along its own bars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from viz.figures.groups import orientation_colour
from viz.figures.theme import GREY, TEXT_PX, layout

HEIGHT_PX = 430
CURVE_PX, OTHERS_PX, POINT_PX = 3, 1.5, 8
DASHES = ("solid", "dot")
SYMBOLS = ("circle", "diamond-open")


def polar_tuning(
    degrees: Sequence[float],
    curves: Mapping[str, Sequence[float]],
    measured_degrees: Sequence[float],
    measured: Mapping[str, Sequence[float]],
    others: Mapping[str, Sequence[float]],
    *,
    preferred_degrees: float,
) -> go.Figure:
    """Measured points over the curves of formulas, and the curves of other filters, faint.

    Bars at 180° are bars at 0°, so both halves of the circle show the same.

    Args:
        degrees: of the bars at the points of every curve, over 180°.
        curves: up to two, by name, as shares of their largest.
        measured_degrees: of the bars that were shown, over 180°.
        measured: as many, by name.
        others: the orientation of each other filter in degrees, as text -> its curve.
        preferred_degrees: the orientation of the bars whose hue the curves have.

    Raises:
        ValueError: if a curve has not one value for each orientation.

    >>> figure = polar_tuning([0, 90], {"law": [1, 0]}, [0], {"seen": [1]}, {}, preferred_degrees=0)
    >>> [(trace.name, trace.theta, trace.r) for trace in figure.data]
    [('law', (0, 90, 180, 270, 0), (1, 0, 1, 0, 1)), ('seen', (0, 180), (1, 1))]
    """
    lengths = [(degrees, each) for each in (*curves.values(), *others.values())]
    lengths += [(measured_degrees, each) for each in measured.values()]
    if any(len(at) != len(values) for at, values in lengths):
        raise ValueError("a curve has one value for each orientation")
    hue = orientation_colour(preferred_degrees)
    figure = go.Figure(layout=layout(height=HEIGHT_PX))
    for name, values in others.items():
        line = {"color": orientation_colour(float(name.rstrip("°"))), "width": OTHERS_PX}
        figure.add_trace(_curve(name, degrees, values, line))
        figure.data[-1].update(showlegend=False, opacity=0.55)
    for (name, values), dash in zip(curves.items(), DASHES, strict=False):
        line = {"color": hue, "width": CURVE_PX, "dash": dash}
        figure.add_trace(_curve(name, degrees, values, line))
    for (name, values), symbol in zip(measured.items(), SYMBOLS, strict=False):
        figure.add_scatterpolar(
            theta=[*measured_degrees, *(each + 180 for each in measured_degrees)],
            r=[*values, *values],
            name=name,
            mode="markers",
            marker={"color": hue, "size": POINT_PX, "symbol": symbol},
            hovertemplate="%{theta}: %{r:.3f}<extra>%{fullData.name}</extra>",
        )
    return _laid_out(figure)


def _curve(
    name: str, degrees: Sequence[float], values: Sequence[float], line: dict[str, object]
) -> go.Scatterpolar:
    around = [*degrees, *(each + 180 for each in degrees), degrees[0]]
    return go.Scatterpolar(
        theta=around,
        r=[*values, *values, values[0]],
        name=name,
        mode="lines",
        line=line,
        hovertemplate="%{theta}: %{r:.3f}<extra>%{fullData.name}</extra>",
    )


def _laid_out(figure: go.Figure) -> go.Figure:
    """From the right, counter-clockwise: a radius lies as the bars that it stands for."""
    grid = {"gridcolor": "rgba(128,128,128,0.3)", "linecolor": GREY}
    named = list(range(0, 360, 45))
    angles = {
        "tickvals": named,
        "ticktext": [f"{each % 180}°" for each in named],
        "tickfont": {"size": TEXT_PX},
        **grid,
    }
    shares = {"range": [0, 1], "tickvals": [0.5, 1], "showticklabels": False, "ticks": ""}
    figure.update_layout(
        polar={
            "bgcolor": "rgba(0,0,0,0)",
            "angularaxis": {"direction": "counterclockwise", "rotation": 0, **angles},
            "radialaxis": {**shares, **grid, "showline": False},
        },
        showlegend=True,
        legend={
            "orientation": "h",
            "x": 0.5,
            "xanchor": "center",
            "y": -0.08,
            "yanchor": "top",
            "font": {"size": TEXT_PX},
        },
        margin={"t": 30, "b": 8, "l": 30, "r": 30},
    )
    return figure
