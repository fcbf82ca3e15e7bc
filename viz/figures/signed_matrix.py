"""A square matrix of signed numbers as coloured cells, with a colour bar below the figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from viz.figures.theme import TEXT_PX

Numbers = np.ndarray[Any, np.dtype[Any]]


def signed_matrix(
    matrix: Numbers,
    names: Sequence[str],
    furthest: float,
    colours: Sequence[str],
    *,
    ends: tuple[str, str],
    bar: Mapping[str, object],
    **more: Any,
) -> go.Heatmap:
    """The cells; the figure needs room for the bar in its margin.

    Args:
        matrix: `(C, C)`.
        names: C names of its rows and columns.
        furthest: the number with the last colour; its negative has the first one.
        colours: evenly spaced stops.
        ends: both numbers as they are written.
        bar: the length of the bar, as plotly says it.
        more: other attributes of the heat map.

    >>> cells = signed_matrix(np.eye(2), ["a", "b"], 1.0, ["#000", "#fff"], ends=("−1", "1"), bar={})
    >>> cells.zmin, cells.colorbar.ticktext
    (-1.0, ('−1', '0', '1'))
    """
    last = len(colours) - 1
    return go.Heatmap(
        z=matrix.astype(np.float32),  # as bytes: the page copies the figure many times
        x=list(names),
        y=list(names),
        zmin=-furthest,
        zmax=furthest,
        colorscale=[[n / last, colour] for n, colour in enumerate(colours)],
        colorbar={
            "orientation": "h",
            "x": 0.5,
            "y": 0,
            "yref": "container",
            "yanchor": "bottom",
            "thickness": 12,
            "tickfont": {"size": TEXT_PX},
            "tickvals": [-furthest, 0, furthest],
            "ticktext": [ends[0], "0", ends[1]],
            **bar,
        },
        **more,
    )
