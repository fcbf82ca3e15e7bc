"""The effect of a stride on the statistics of values: histograms and covariances."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil, floor, log10
from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from viz.figures.signed_matrix import Numbers, signed_matrix
from viz.figures.theme import BLUE, TEXT_PX, layout, signed_colours

COLUMNS = 4  # small multiples in a row
ROW_PX, BETWEEN_PX = 170, 58  # the latter for the numbers below a plot and the name of the next one
FADED = "rgba(128, 128, 128, 0.6)"  # readable on light and on dark
MAX_CHANNELS = 16
MAX_WRITTEN = 3  # channels; on a phone the numbers of a larger matrix would not fit its cells
CELL_TEXT_PX = 14
MAX_DECIMALS = 4  # of very small covariances
BAR_PX = 64  # of the height, for the names of the columns and the colour bar
BAR = {"lenmode": "pixels", "len": 240}


def histograms(
    edges: Numbers,
    before: Numbers,
    after: Numbers,
    names: Sequence[str],
    *,
    words: tuple[str, str] = ("before", "after"),
    share: str = "share of values",
) -> go.Figure:
    """Small multiples, one a channel: filled and faded before, a line after, with the same bins.

    Args:
        edges: `(C, bins + 1)`, ascending.
        before, after: `(C, bins)`, shares that add up to 1.
        names: C names, one above each plot.
        words: the names of the filled bars and of the line; written once, in their colours.
        share: the quantity of a height.

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
    between = BETWEEN_PX / (ROW_PX * rows - 20)
    figure = make_subplots(rows, columns, subplot_titles=names, vertical_spacing=between)
    for n in range(channels):
        place = {"row": n // COLUMNS + 1, "col": n % COLUMNS + 1}
        figure.add_trace(_bars(edges[n], before[n], words[0], share), **place)
        figure.add_trace(_steps(edges[n], after[n], words[1], share), **place)
        figure.update_xaxes(tickvals=_few(*edges[n, [0, -1]].tolist()), **place)
    figure.update_layout(layout(height=60 + ROW_PX * rows))
    figure.update_layout(bargap=0, margin={"t": 56, "b": 24})
    figure.update_annotations(font_size=TEXT_PX)
    figure.update_yaxes(showticklabels=False, rangemode="tozero", showgrid=False)
    figure.update_xaxes(tickangle=0, tickfont_size=TEXT_PX, showgrid=False)
    figure.add_annotation(_key(dict(zip(words, (FADED, BLUE), strict=True))))
    return figure


def covariances(
    before: Numbers,
    after: Numbers,
    names: Sequence[str],
    *,
    words: tuple[str, str] = ("before", "after"),
    dark: bool = False,
) -> go.Figure:
    """Two covariance matrices side by side on one scale; small ones with their numbers.

    The colours are those of signed activations: covariances are measured on maps, and in the
    colours of weights they would look like a weight matrix.

    Args:
        before, after: `(C, C)`, symmetric.
        names: C names, for rows and columns alike.
        words: the heading of each.
        dark: whether the page is dark.

    Raises:
        ValueError: if the shapes do not belong together, or there are more than 16 channels.

    >>> figure = covariances(np.eye(2), np.zeros((2, 2)), ["R", "G"])
    >>> figure.data[0].text[0][0], figure.data[1].zmax
    ('1.0', 1.0)
    """
    channels = len(names)
    if before.shape != (channels, channels) or after.shape != before.shape:
        raise ValueError(
            f"{channels} names and matrices {before.shape} and {after.shape} do not belong together"
        )
    _expect_few(channels)
    figure = make_subplots(1, 2, horizontal_spacing=0.06)
    furthest = float(max(np.abs(before).max(), np.abs(after).max())) or 1.0
    for n, matrix in enumerate((before, after)):
        drawn = _matrix(matrix, names, furthest, signed_colours(dark=dark), with_scale=n == 1)
        figure.add_trace(drawn, row=1, col=n + 1)
    figure.update_layout(layout(height=BAR_PX + max(264, 84 + 26 * channels)))
    figure.update_layout(margin={"t": 60, "b": BAR_PX})
    ticks = {"type": "category", "tickfont_size": TEXT_PX, "showgrid": False}
    ticks |= {"constrain": "domain", "tickangle": 0}
    figure.update_xaxes(**ticks, side="top", title_font_size=TEXT_PX)
    figure.update_yaxes(**ticks, autorange="reversed", constraintoward="top")
    for n, (word, axis, toward) in enumerate(
        zip(words, ("x", "x2"), ("right", "left"), strict=True)
    ):
        place = {"row": 1, "col": n + 1}
        figure.update_xaxes(title_text=word, constraintoward=toward, **place)
        figure.update_yaxes(scaleanchor=axis, showticklabels=n == 0, **place)
    return figure


def _expect_few(channels: int) -> None:
    if not 1 <= channels <= MAX_CHANNELS:
        raise ValueError(f"{channels} channels; between 1 and {MAX_CHANNELS} can be read")


def _few(low: float, high: float) -> list[float]:
    """Two to four round numbers in a range; the value itself if the range is empty.

    >>> _few(0.13, 0.98), _few(-2.2, 2.2), _few(0.0, 1.0)
    ([0.4, 0.8], [-2.0, 0.0, 2.0], [0.0, 1.0])
    """
    if not low < high:
        return [low]
    tens = 10.0 ** floor(log10(high - low))
    for step in (10 * tens, 5 * tens, 4 * tens, 2 * tens, tens, tens / 2):
        first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
        if last > first:
            return [round(n * step, 12) for n in range(first, last + 1)]
    return [low]


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
        line={"shape": "hv", "color": BLUE, "width": 2.5},
        hovertemplate=f"{word}: %{{y:.3g}}, {share}, ≥ %{{x:.3g}}<extra></extra>",
    )


def _key(colours: Mapping[str, str]) -> dict[str, Any]:
    """A legend in one line above all plots: coloured marks, each followed by its name."""
    squares = (f'<span style="color:{colour}">■</span> {word}' for word, colour in colours.items())
    return {
        "text": "&nbsp;&nbsp; ".join(squares),
        "x": 0,
        "y": 1,
        "xref": "paper",
        "yref": "paper",
        "xanchor": "left",
        "yanchor": "bottom",
        "yshift": 26,
        "showarrow": False,
        "font": {"size": TEXT_PX},
    }


def _matrix(
    matrix: Numbers,
    names: Sequence[str],
    furthest: float,
    colours: Sequence[str],
    *,
    with_scale: bool,
) -> Any:
    decimals = min(MAX_DECIMALS, max(0, 1 - floor(log10(furthest))))
    return signed_matrix(
        matrix,
        names,
        furthest,
        colours,
        ends=(_written(-furthest, decimals), _written(furthest, decimals)),
        bar=BAR,
        showscale=with_scale,
        text=[[_written(value, decimals) for value in row] for row in matrix.tolist()],
        texttemplate="%{text}" if len(names) <= MAX_WRITTEN else None,
        textfont={"size": CELL_TEXT_PX},
        hovertemplate="%{y} · %{x}: %{z:.4g}<extra></extra>",
    )


def _written(value: float, decimals: int) -> str:
    """A number with fixed decimals and a typographic minus; zero has no sign.

    >>> _written(0.0333, 3), _written(-0.04, 3), _written(-1e-9, 3)
    ('0.033', '−0.040', '0.000')
    """
    text = f"{value:.{decimals}f}"
    return text.replace("-", "−" if float(text) else "")
