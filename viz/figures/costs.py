"""Alternatives as bars, each divided into its parts."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import plotly.graph_objects as go

from viz.figures.theme import BLUE, GREY, TEXT_PX, layout

MIN_NAMED = 0.12  # of the longest bar; a shorter part has its name only in the hover text


def cost_bars(
    alternatives: Mapping[str, Mapping[str, int]],
    *,
    highlighted: Collection[str] = (),
    axis_title: str = "",
) -> go.Figure:
    """One horizontal bar for each alternative, its parts one after the other.

    Args:
        alternatives: name -> the parts of the bar and their counts.
        highlighted: the names of parts in the colour of the important one.
        axis_title: the quantity along the bars, with its unit.

    >>> [bar.x for bar in cost_bars({"a": {"p": 1, "q": 2}, "b": {"r": 9}}).data]
    [(1,), (2,), (9,)]
    """
    longest = max(sum(parts.values()) for parts in alternatives.values())
    bars = [
        go.Bar(
            x=[count],
            y=[name],
            orientation="h",
            text=part if count >= MIN_NAMED * longest else "",
            textposition="inside",
            insidetextanchor="middle",
            insidetextfont={"color": "white", "size": TEXT_PX},
            hovertemplate=f"{part}<br>%{{x:,}}<extra></extra>",
            marker={
                "color": BLUE if part in highlighted else GREY,
                "line": {"width": 1, "color": "white"},
            },
        )
        for name, parts in alternatives.items()
        for part, count in parts.items()
    ]
    figure = go.Figure(bars, layout(height=200))
    figure.update_layout(barmode="stack", showlegend=False)
    figure.update_xaxes(title_text=axis_title, rangemode="tozero")
    figure.update_yaxes(autorange="reversed")
    return figure
