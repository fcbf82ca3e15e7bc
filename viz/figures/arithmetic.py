"""One number of a map as bars: every input × weight, the largest first."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from viz.figures.theme import WEIGHT_NEGATIVE, WEIGHT_POSITIVE, layout

MAX_NAMED = 40  # more bars than this have their names only in the hover text


def term_bars(
    names: Sequence[str],
    inputs: Sequence[float],
    weights: Sequence[float],
    *,
    chosen: int | None = None,
    axis_title: str = "",
) -> go.Figure:
    """Sorted bars of input × weight.

    Args:
        names: the name of each input.
        inputs, weights: one number a term.
        chosen: index of the term that a max keeps; the others fade.
        axis_title: the quantity on the height axis, with its unit.

    Returns:
        A Figure with one bar a term, positive before negative, hover text with the exact numbers.

    >>> term_bars(["a", "b"], [1.0, 2.0], [3.0, -1.0]).data[0].x
    ('a', 'b')
    """
    terms = [x * w for x, w in zip(inputs, weights, strict=True)]
    order = sorted(range(len(terms)), key=lambda i: terms[i], reverse=True)
    bars = go.Bar(
        x=[names[i] for i in order],
        y=[terms[i] for i in order],
        customdata=[(inputs[i], weights[i]) for i in order],
        hovertemplate="%{x}<br>%{customdata[0]:.6g} × %{customdata[1]:.6g} = %{y:.6g}<extra></extra>",
        marker={
            "color": [WEIGHT_POSITIVE if terms[i] >= 0 else WEIGHT_NEGATIVE for i in order],
            "opacity": [1.0 if chosen in (None, i) else 0.35 for i in order],
            "line": {"width": 0},
        },
    )
    figure = go.Figure(bars, layout(height=280))
    figure.update_yaxes(title_text=axis_title, zeroline=True)
    figure.update_xaxes(type="category", showticklabels=len(terms) <= MAX_NAMED)
    return figure
