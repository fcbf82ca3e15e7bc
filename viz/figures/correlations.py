"""A matrix of correlations as a heat map, with lines between groups of channels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any

import plotly.graph_objects as go

from viz.figures.signed_matrix import Numbers, signed_matrix
from viz.figures.theme import GREY, TEXT_PX, layout, signed_colours

HEIGHT_PX, TITLE_PX, BAR_PX = 380, 34, 64
BAR = {"lenmode": "fraction", "len": 0.8}
NO_GROUPS: Mapping[str, int] = {}


def correlations(
    matrix: Numbers,
    names: Sequence[str],
    *,
    title: str = "",
    groups: Mapping[str, int] = NO_GROUPS,
    with_scale: bool = True,
    dark: bool = False,
) -> go.Figure:
    """Correlations from −1 to 1, in the colours of signed activations; 0 has the page's colour.

    Args:
        matrix: `(C, C)`, symmetric.
        names: C names, in the hover text.
        title: the heading.
        groups: the name and the size of each group of consecutive channels, in place of numbers.
        with_scale: whether the colour bar is drawn; its room is left free in any case.
        dark: whether the page is dark.

    Raises:
        ValueError: if the sizes do not belong together.

    >>> import numpy as np
    >>> figure = correlations(np.eye(4), list("abcd"), groups={"one": 1, "three": 3})
    >>> figure.layout.xaxis.tickvals, len(figure.layout.shapes)
    ((0.0, 2.0), 2)
    """
    count = len(names)
    if matrix.shape != (count, count):
        raise ValueError(f"{count} names do not belong to a matrix {matrix.shape}")
    if groups and sum(groups.values()) != count:
        raise ValueError(f"{count} channels do not make groups of {list(groups.values())}")
    figure = go.Figure(
        _cells(matrix, names, with_scale=with_scale, dark=dark), layout(height=HEIGHT_PX)
    )
    ticks = {"showgrid": False, "zeroline": False, "tickangle": 0, "constrain": "domain"}
    ticks |= {"type": "category", **_ticks(names, groups)}
    figure.update_xaxes(**ticks, side="bottom")
    figure.update_yaxes(**ticks, autorange="reversed", scaleanchor="x", constraintoward="top")
    figure.update_layout(
        title={"text": title, "font": {"size": TEXT_PX}, "x": 0.5, "xanchor": "center"},
        margin={"t": TITLE_PX, "b": BAR_PX},
    )
    for border in _borders(groups):
        line = {"color": GREY, "width": 1}
        figure.add_hline(border, line=line)
        figure.add_vline(border, line=line)
    return figure


def _cells(matrix: Numbers, names: Sequence[str], *, with_scale: bool, dark: bool) -> go.Heatmap:
    return signed_matrix(
        matrix,
        names,
        1,
        signed_colours(dark=dark),
        ends=("−1", "1"),
        bar=BAR,
        showscale=with_scale,
        hovertemplate="%{y} · %{x}: %{z:.2f}<extra></extra>",
    )


def _ticks(names: Sequence[str], groups: Mapping[str, int]) -> dict[str, Any]:
    """The name of each group in its middle; without groups the numbers of the channels."""
    if not groups:
        # by name: a number would be taken for the channel of that name, such as "2", the second
        numbered = _few(len(names))
        return {
            "tickvals": [names[n] for n in numbered],
            "ticktext": [str(n + 1) for n in numbered],
        }
    ends = accumulate(groups.values())
    middles = [end - (size + 1) / 2 for end, size in zip(ends, groups.values(), strict=True)]
    return {"tickvals": middles, "ticktext": list(groups)}


def _few(count: int) -> list[int]:
    """The indices with a number: all of a few, else every second, fifth or tenth.

    >>> _few(4), _few(30)
    ([0, 1, 2, 3], [4, 9, 14, 19, 24, 29])
    """
    step = next((step for step in (1, 2, 5) if count <= 6 * step), 10)
    return list(range(step - 1, count, step))


def _borders(groups: Mapping[str, int]) -> list[float]:
    """Where the lines between groups are.

    >>> _borders({"a": 2, "b": 2, "c": 1})
    [1.5, 3.5]
    """
    return [end - 0.5 for end in accumulate(groups.values())][:-1]
