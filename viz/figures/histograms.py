"""What a stride does to values wherever they lie: histograms and covariances, before and after."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from viz.figures.theme import ACTIVATION, TEXT_PX, layout

COLUMNS = 4  # small multiples in a row
ROW_PX = 170
FADED = "rgba(128, 128, 128, 0.6)"  # readable on light and on dark
LINE = ACTIVATION[2]
MOST_CHANNELS = 16
MOST_WRITTEN = 4  # channels; the numbers of a larger matrix are left to the pointer

Numbers = np.ndarray[Any, np.dtype[Any]]


def histograms(
    edges: Numbers,
    before: Numbers,
    after: Numbers,
    names: Sequence[str],
    *,
    words: tuple[str, str] = ("before", "after"),
    share: str = "share of values",
) -> go.Figure:
    """Small multiples, one a channel: filled and faded before, a line after, in the same bins.

    Args:
        edges: `(C, bins + 1)`, ascending.
        before, after: `(C, bins)`, shares that add up to 1.
        names: C names, one above each plot.
        words: what the filled bars and the line are called; said once, in their colours.
        share: what a height is.

    Raises:
        ValueError: if the shapes do not belong together, or there are more than 16 channels.

    >>> figure = histograms(np.array([[0, 1, 2]]), np.array([[0.5, 0.5]]), np.array([[1, 0]]), ["R"])
    >>> [list(trace.y) for trace in figure.data]
    [[0.5, 0.5], [0, 1, 0, 0]]
    """
    channels, bins = before.shape
    if after.shape != before.shape or edges.shape != (channels, bins + 1) or len(names) != channels:
        raise ValueError(
            f"{len(names)} names, edges {edges.shape}, shares {before.shape} and {after.shape} "
            "do not belong together"
        )
    _expect_few(channels)
    rows, columns = ceil(channels / COLUMNS), min(COLUMNS, channels)
    figure = make_subplots(rows, columns, subplot_titles=names, vertical_spacing=0.3 / rows)
    for n in range(channels):
        place = {"row": n // COLUMNS + 1, "col": n % COLUMNS + 1}
        figure.add_trace(_bars(edges[n], before[n], words[0], share), **place)
        figure.add_trace(_steps(edges[n], after[n], words[1], share), **place)
    figure.update_layout(layout(height=60 + ROW_PX * rows))
    figure.update_layout(bargap=0, margin={"t": 56, "b": 24})
    figure.update_annotations(font_size=TEXT_PX)
    figure.update_yaxes(showticklabels=False, rangemode="tozero", showgrid=False)
    figure.update_xaxes(nticks=5, tickfont_size=TEXT_PX, showgrid=False)
    for x, colour, word in zip((0, 0.14), (FADED, LINE), words, strict=True):
        figure.add_annotation(_key(x, colour, word))
    return figure


def covariances(
    before: Numbers,
    after: Numbers,
    names: Sequence[str],
    *,
    words: tuple[str, str] = ("before", "after"),
) -> go.Figure:
    """Two covariance matrices side by side on one scale; numbers written in where few.

    Args:
        before, after: `(C, C)`, symmetric.
        names: C names, for rows and columns alike.
        words: what stands above each.

    Raises:
        ValueError: if the shapes do not belong together, or there are more than 16 channels.

    >>> figure = covariances(np.eye(2), np.zeros((2, 2)), ["R", "G"])
    >>> figure.data[0].text[0][0], figure.data[1].zmax
    ('1', 1.0)
    """
    channels = len(names)
    if before.shape != (channels, channels) or after.shape != before.shape:
        raise ValueError(
            f"{channels} names and matrices {before.shape} and {after.shape} do not belong together"
        )
    _expect_few(channels)
    figure = make_subplots(1, 2, subplot_titles=words, horizontal_spacing=0.12)
    furthest = float(max(np.abs(before).max(), np.abs(after).max())) or 1.0
    for n, matrix in enumerate((before, after)):
        figure.add_trace(_matrix(matrix, names, furthest, with_scale=n == 1), row=1, col=n + 1)
    figure.update_layout(layout(height=max(260, 72 + 26 * channels)))
    figure.update_layout(margin={"t": 32})
    figure.update_annotations(font_size=TEXT_PX)
    ticks = {"type": "category", "tickfont_size": TEXT_PX, "showgrid": False}
    figure.update_xaxes(**ticks, constrain="domain")
    figure.update_yaxes(**ticks, autorange="reversed", constrain="domain")
    for n, axis in enumerate(("x", "x2")):
        figure.update_yaxes(scaleanchor=axis, row=1, col=n + 1)
    return figure


def _expect_few(channels: int) -> None:
    if not 1 <= channels <= MOST_CHANNELS:
        raise ValueError(f"{channels} channels; between 1 and {MOST_CHANNELS} can be read")


def _bars(edges: Numbers, shares: Numbers, word: str, share: str) -> go.Bar:
    return go.Bar(
        x=((edges[:-1] + edges[1:]) / 2).tolist(),
        y=shares.tolist(),
        width=np.diff(edges).tolist(),
        marker={"color": FADED, "line": {"width": 0}},
        hovertemplate=f"{word}: %{{y:.3g}}, {share}, at %{{x:.3g}}<extra></extra>",
    )


def _steps(edges: Numbers, shares: Numbers, word: str, share: str) -> go.Scatter:
    """A staircase over the edges, from 0 up and down to 0 again."""
    return go.Scatter(
        x=[float(edges[0]), *edges.tolist()],
        y=[0, *shares.tolist(), 0],
        mode="lines",
        line={"shape": "hv", "color": LINE, "width": 2.5},
        hovertemplate=f"{word}: %{{y:.3g}}, {share}, from %{{x:.3g}}<extra></extra>",
    )


def _key(x: float, colour: str, word: str) -> dict[str, Any]:
    """A word in the colour of what it names, above all plots."""
    return {
        "text": f'<span style="color:{colour}">■</span> {word}',
        "x": x,
        "y": 1,
        "xref": "paper",
        "yref": "paper",
        "xanchor": "left",
        "yanchor": "bottom",
        "yshift": 26,
        "showarrow": False,
        "font": {"size": TEXT_PX},
    }


def _matrix(matrix: Numbers, names: Sequence[str], furthest: float, *, with_scale: bool) -> Any:
    count = len(ACTIVATION) - 1
    written = len(names) <= MOST_WRITTEN
    return go.Heatmap(
        z=matrix.tolist(),
        x=list(names),
        y=list(names),
        zmin=-furthest,
        zmax=furthest,
        colorscale=[[n / count, colour] for n, colour in enumerate(ACTIVATION)],
        showscale=with_scale,
        colorbar={"tickfont": {"size": TEXT_PX}, "thickness": 14},
        text=[[_short(value, furthest) for value in row] for row in matrix.tolist()],
        texttemplate="%{text}" if written else None,
        textfont={"size": TEXT_PX},
        hovertemplate="%{y} and %{x}: %{z:.4g}<extra></extra>",
    )


def _short(value: float, furthest: float) -> str:
    """Two digits, with the minus of typographers; what only rounding left of 0 is 0."""
    return "0" if abs(value) < 1e-6 * furthest else f"{value:.2g}".replace("-", "−")
