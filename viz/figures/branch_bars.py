"""Alternatives as pairs of bars, each divided into the branches of a module."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from viz.figures.theme import BRANCHES, TEXT_PX, layout

ROW_PX, AROUND_PX = 30, 66  # height of a bar; of the axis and the names above
MORE_PX = 10  # for each name above, which may need a row of its own on a phone
ROOM = 1.4  # of the longest bar, so that the number after it fits


def branch_bars(
    names: Sequence[str],
    parts: Mapping[str, Sequence[float]],
    *,
    called: Mapping[str, str],
    written: Sequence[str],
    hover: Mapping[str, Sequence[str]],
    axis_title: str = "",
) -> go.Figure:
    """One stacked bar for each name, in the hues of the branches, with its total after it.

    Args:
        names: of the bars, from top to bottom.
        parts: a branch -> its part of each bar, as a share of what the bar is compared with.
        called: the name of each branch.
        written: the text after each bar.
        hover: a branch -> the exact numbers, one for each bar.
        axis_title: the quantity along the bars.

    Raises:
        ValueError: if a branch does not have one part and one text for each bar.

    >>> figure = branch_bars(
    ...     ["MACs"],
    ...     {"one": [0.2], "five": [0.3]},
    ...     called={"one": "1×1", "five": "5×5"},
    ...     written=["12"],
    ...     hover={"one": ["5"], "five": ["7"]},
    ... )
    >>> [bar.x for bar in figure.data[:2]]
    [(0.2,), (0.3,)]
    """
    rows = [*parts.values(), *hover.values(), written]
    if any(len(row) != len(names) for row in rows):
        raise ValueError(f"{len(names)} bars do not have {[len(row) for row in rows]} parts")
    figure = go.Figure(layout=layout(height=AROUND_PX + ROW_PX * len(names) + MORE_PX * len(parts)))
    places = [str(at) for at in range(len(names))]
    for branch, row in parts.items():
        figure.add_bar(
            x=list(row),
            y=places,
            name=called[branch],
            orientation="h",
            marker={"color": BRANCHES[branch]},
            customdata=list(hover[branch]),
            hovertemplate=f"{called[branch]}: %{{customdata}}<extra></extra>",
        )
    totals = [sum(each) for each in zip(*parts.values(), strict=True)]
    figure.add_scatter(
        x=totals,
        y=places,
        mode="text",
        text=[f" {text}" for text in written],
        textposition="middle right",
        textfont={"size": TEXT_PX},
        cliponaxis=False,
        showlegend=False,
        hoverinfo="skip",
    )
    legend = {
        "orientation": "h",
        "x": 0,
        "y": 1.0,
        "yanchor": "bottom",
        "traceorder": "normal",
        "font": {"size": TEXT_PX},
    }
    figure.update_layout(barmode="stack", bargap=0.3, showlegend=True, legend=legend)
    figure.update_xaxes(
        title_text=axis_title,
        tickformat=".0%",
        range=[0, ROOM * max([1.0, *totals])],
        tickvals=[0, 0.5, 1],
    )
    figure.update_yaxes(
        type="category", autorange="reversed", tickvals=places, ticktext=list(names)
    )
    return figure
