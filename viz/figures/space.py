"""Pixels as a cloud of points in the space of three channels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from viz.figures.theme import FIELD, TEXT_PX, layout

MOST_POINTS = 4000  # more of them stutter under the hand that turns the cloud
# The same for every cloud, so that two compare; a little above the middle of the box.
CAMERA = {"eye": {"x": 1.5, "y": 1.25, "z": 0.8}, "center": {"x": 0, "y": 0, "z": -0.12}}
SIZE_PX, LIT_PX = 2.5, 5
FADED = 0.25
LINE, ZERO_LINE = "#b8b8b8", "#808080"  # grey on light and on dark

Array = np.ndarray[Any, Any]
Spans = tuple[tuple[float, float], ...]  # lowest and highest value of each axis


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
    """Every pixel as a point in its own colour; those of a chosen region stand out.

    All three axes have one scale, so that distances and angles are true, and the camera always
    stands in the same place: two clouds with the same `ranges` can be compared.

    Args:
        points: `(n, 3)`, at most 4,000.
        colours: `(n, 3)` in [0, 1]: red, green, blue.
        lit: `(n,)` bool; those points are larger with a rim, and where there are any the others
            fade.
        names: of the three axes; an empty one is drawn without numbers.
        title: stands above the cloud.
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
    if points.ndim != 2 or points.shape[1] != 3 or len(points) > MOST_POINTS or len(names) != 3:
        raise ValueError(f"a cloud has three axes and at most {MOST_POINTS} points: {points.shape}")
    if colours.shape != points.shape or lit.shape != points.shape[:1]:
        raise ValueError(f"colours {colours.shape} and lit {lit.shape} do not fit {points.shape}")
    faded = {"size": SIZE_PX, "opacity": FADED if lit.any() else 0.9}
    rimmed = {"size": LIT_PX, "opacity": 1.0, "line": {"color": FIELD, "width": 2}}
    traces = [
        _points(points[chosen], colours[chosen], names, marker)
        for chosen, marker in ((~lit, faded), (lit, rimmed))
    ]
    figure = go.Figure(traces, layout(height=height))
    # a cloud that was turned stays turned when its points move
    figure.update_layout(scene=_scene(names, ranges or spans(points)), uirevision="cloud")
    if title:
        figure.update_layout(title={"text": title, "font": {"size": TEXT_PX}}, margin_t=40)
    return figure


def spans(*clouds: Array) -> Spans:
    """Lowest and highest value of each axis over all clouds, zero among them, with a margin.

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
    """One word for each colour."""
    bytes_ = np.rint(np.clip(colours, 0, 1) * 255).astype(int)
    return [f"#{red:02x}{green:02x}{blue:02x}" for red, green, blue in bytes_]


def _scene(names: Sequence[str], ranges: Spans) -> dict[str, Any]:
    """A box as long along each axis as its range, and always of one diagonal."""
    lengths = np.array([high - low for low, high in ranges])
    shares = lengths * 3**0.5 / np.linalg.norm(lengths)
    axes = zip("xyz", names, ranges, strict=True)
    return {
        "aspectmode": "manual",
        "aspectratio": dict(zip("xyz", shares.tolist(), strict=True)),
        "camera": CAMERA,
        **{f"{axis}axis": _axis(name, span) for axis, name, span in axes},
    }


def _axis(name: str, span: tuple[float, float]) -> dict[str, Any]:
    return {
        "title": {"text": name, "font": {"size": TEXT_PX}},
        "tickfont": {"size": TEXT_PX - 2},
        "range": list(span),
        "nticks": 4,
        "showticklabels": bool(name),
        "gridcolor": LINE,
        "zeroline": True,
        "zerolinecolor": ZERO_LINE,
        "zerolinewidth": 4,
        "showbackground": False,
    }
