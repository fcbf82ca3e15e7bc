"""Numbers along an axis as bars, with a curve that a law predicts."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from viz.figures.theme import BLUE, FIELD, GREY, TEXT_PX, layout

HEIGHT_PX = 380


def profile(
    x: Sequence[float],
    bars: Sequence[float],
    curve: Sequence[float],
    *,
    names: tuple[str, str],
    deviation: float,
    deviation_name: str = "",
    x_title: str = "",
    y_title: str = "",
) -> go.Figure:
    """A bar at each place, the curve over them, and the places one deviation from the middle.

    Args:
        x: the places, evenly spaced, 0 in the middle.
        bars, curve: what was measured and what the law says, one for each place.
        names: of both.
        deviation: marked left and right of 0.
        deviation_name: is written at the right one.
        x_title, y_title: the quantities on the axes.

    Raises:
        ValueError: if there is not one bar and one number of the curve for each place.

    >>> figure = profile([-1, 0, 1], [1, 2, 1], [1, 2, 1], names=("bars", "law"), deviation=0.8)
    >>> [trace.name for trace in figure.data], [line.x0 for line in figure.layout.shapes]
    (['bars', 'law'], [-0.8, 0.8])
    """
    if not len(x) == len(bars) == len(curve):
        raise ValueError(f"{len(x)} places have {len(bars)} bars and {len(curve)} points")
    figure = go.Figure(layout=layout(height=HEIGHT_PX))
    hover = "%{x}: %{y:.4g}<extra>%{fullData.name}</extra>"
    figure.add_bar(
        x=list(x), y=list(bars), name=names[0], marker={"color": FIELD}, hovertemplate=hover
    )
    figure.add_scatter(
        x=list(x),
        y=list(curve),
        name=names[1],
        mode="lines",
        line={"color": BLUE, "width": 3, "shape": "spline"},
        hovertemplate=hover,
    )
    for place in (-deviation, deviation):
        figure.add_vline(x=place, line={"width": 2, "dash": "dash", "color": GREY})
    figure.add_annotation(
        x=deviation,
        y=1,
        yref="paper",
        text=deviation_name,
        xanchor="left",
        yanchor="top",
        xshift=5,
        showarrow=False,
        font={"size": TEXT_PX},
    )
    figure.update_layout(
        showlegend=True,
        legend={
            "orientation": "h",
            "x": 0,
            "y": 1.02,
            "yanchor": "bottom",
            "font": {"size": TEXT_PX},
        },
    )
    figure.update_xaxes(title_text=x_title, zeroline=False)
    figure.update_yaxes(title_text=y_title, zeroline=True)
    return figure
