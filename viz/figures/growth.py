"""Two alternatives counted step after step, a pair of bars for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from viz.figures.theme import BLUE, GREY, TEXT_PX, layout

PAIR_PX, AROUND_PX = 48, 96  # height of a pair; of the axis and the names above
ROOM = 1.28  # of the longest bar, so that the number after it fits


def paired_bars(
    names: Sequence[str],
    counts: Mapping[str, Sequence[int]],
    *,
    written: Sequence[Sequence[str]],
    unit: str = "",
    axis_title: str = "",
) -> go.Figure:
    """A pair of horizontal bars for each name, each with its number after it.

    Args:
        names: of the pairs, from top to bottom.
        counts: the name of each of two alternatives -> one count for each pair; the first in blue.
        written: the texts after the bars, in the order of `counts`.
        unit: after the exact count in the hover text.
        axis_title: the quantity along the bars, with its unit.

    Raises:
        ValueError: if there are not two alternatives, or not one count and text for each pair.

    >>> pair = {"with": [1, 2], "without": [3, 4]}
    >>> [bar.x for bar in paired_bars("ab", pair, written=["12", "34"]).data]
    [(1, 2), (3, 4)]
    """
    rows = [*counts.values(), *written]
    if len(counts) != 2 or len(written) != 2 or any(len(row) != len(names) for row in rows):
        raise ValueError(
            f"2 alternatives have a count and a text for each of {len(names)} names, not "
            f"{[len(row) for row in rows]}"
        )
    figure = go.Figure(layout=layout(height=AROUND_PX + PAIR_PX * len(names)))
    for (name, row), texts, colour in zip(counts.items(), written, (BLUE, GREY), strict=True):
        figure.add_bar(
            x=list(row),
            y=list(names),
            name=name,
            orientation="h",
            text=list(texts),
            textposition="outside",
            textfont={"size": TEXT_PX},
            constraintext="none",  # plotly would shrink it to the height of a bar
            cliponaxis=False,
            marker={"color": colour},
            hovertemplate=f"%{{y}}, {name}<br>%{{x:,}} {unit}<extra></extra>",
        )
    longest = max(max(row) for row in counts.values())
    figure.update_layout(barmode="group", bargap=0.25, bargroupgap=0.05, showlegend=True)
    figure.update_layout(
        legend={
            "orientation": "h",
            "x": 0,
            "y": 1.0,
            "yanchor": "bottom",
            "font": {"size": TEXT_PX},
        }
    )
    figure.update_xaxes(title_text=axis_title, range=[0, ROOM * longest])
    figure.update_yaxes(type="category", autorange="reversed")
    return figure
