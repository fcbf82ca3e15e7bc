"""Pixels as a cloud of points in the space of three channels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from viz.figures.box import Array, Spans, box
from viz.figures.theme import GREY, TEXT_PX, layout

MAX_POINTS = 4000  # with more the cloud does not turn smoothly
SIZE_PX, LIT_PX, RIM_PX = 2, 3.5, 0.5
FADED = 0.35
TITLE_PX = 40


def cloud(
    points: Array,
    colours: Array,
    lit: Array,
    names: Sequence[str],
    *,
    title: str = "",
    ranges: Spans | None = None,
    height: int = 440,
) -> go.Figure:
    """Pixels as points in their own colours, with those of a chosen region highlighted.

    All three axes have one scale and the projection is orthographic, so distances can be compared.
    The camera is fixed: two clouds with the same `ranges` can be compared.

    Args:
        points: `(n, 3)`, at most 4,000.
        colours: `(n, 3)` in [0, 1]: red, green, blue.
        lit: `(n,)` bool; these points are larger, and if there are any the others fade.
        names: of the three axes; an empty one is drawn without numbers.
        title: the heading above the cloud.
        ranges: lowest and highest value of each axis; None for the `spans` of these points.
        height: of the figure in pixels.

    Returns:
        A Figure with two traces, the unlit and the lit points.

    Raises:
        ValueError: if there are too many points, or sizes do not agree.

    >>> figure = cloud(np.eye(3), np.eye(3), np.array([True, False, False]), "RGB")
    >>> [len(trace.x) for trace in figure.data]
    [2, 1]
    """
    if points.ndim != 2 or points.shape[1] != 3 or len(points) > MAX_POINTS or len(names) != 3:
        raise ValueError(f"a cloud has three axes and at most {MAX_POINTS} points: {points.shape}")
    if colours.shape != points.shape or lit.shape != points.shape[:1]:
        raise ValueError(f"colours {colours.shape} and lit {lit.shape} do not fit {points.shape}")
    faded = {"size": SIZE_PX, "opacity": FADED if lit.any() else 0.9}
    rimmed = {"size": LIT_PX, "opacity": 1.0, "line": {"color": GREY, "width": RIM_PX}}
    traces = [
        _points(points[chosen], colours[chosen], names, marker)
        for chosen, marker in ((~lit, faded), (lit, rimmed))
    ]
    figure = go.Figure(traces, layout(height=height))
    figure.update_layout(
        title={"text": title, "font": {"size": TEXT_PX}},
        margin={"t": TITLE_PX, "l": 0, "r": 0, "b": 0},
        scene=box(names, ranges or spans(points), height - TITLE_PX),
        uirevision="cloud",  # a turned cloud stays turned when its points move
    )
    return figure


def spans(*clouds: Array) -> Spans:
    """Lowest and highest value of each axis over all clouds, including zero, with a margin.

    Args:
        clouds: `(n, 3)` each.

    >>> spans(np.array([[1.0, 0.0, -2.0]]), np.array([[2.0, 0.0, 0.0]]))
    ((-0.1, 2.1), (-0.1, 0.1), (-2.1, 0.1))
    """
    points = np.concatenate([np.zeros((1, 3)), *clouds])
    low, high = points.min(0), points.max(0)
    margin = 0.05 * float((high - low).max()) or 1.0
    pairs = zip((low - margin).tolist(), (high + margin).tolist(), strict=True)
    return tuple((round(first, 6), round(last, 6)) for first, last in pairs)


def _points(
    points: Array, colours: Array, names: Sequence[str], marker: dict[str, Any]
) -> go.Scatter3d:
    x, y, z = points.astype(np.float32).T
    lines = [f"{name} %{{{axis}:.3f}}" for axis, name in zip("xyz", names, strict=True) if name]
    return go.Scatter3d(
        x=x,
        y=y,
        z=z,
        mode="markers",
        marker={**marker, "color": _hex(colours)},
        hovertemplate="<br>".join(lines) + "<extra></extra>",
    )


def _hex(colours: Array) -> list[str]:
    """One word for each colour.

    None begins with `#0000`: Streamlit replaces `#000001` to `#000040` by colours of its theme.
    """
    bytes_ = np.rint(np.clip(colours, 0, 1) * 255).clip(1).astype(int)
    return [f"#{red:02x}{green:02x}{blue:02x}" for red, green, blue in bytes_]
