"""A box of three axes with a fixed camera, whose numbers never overlap."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from math import ceil, floor, log10
from typing import Any

import numpy as np

from viz.figures.theme import GREY, TEXT_PX

# The same camera for every cloud, so that two can be compared: across the grey diagonal, along
# which the colours of most photos lie, and a little from above.
EYE = (1.25, -1.6, 0.75)
# Walls of a middle grey, in light and dark themes: black and white points both stand out.
WALL, GRID, ZERO_LINE = "#a0a0a0", "#b8b8b8", "#404040"
NARROWEST_PX = 310  # a column this wide holds the box and its numbers
BELOW_PX = 44  # the last number of an axis and its name
TICK_PX, GAP_PX = 18, 13
APART = 0.13  # of the longest axis, between two numbers

Array = np.ndarray[Any, Any]
Spans = tuple[tuple[float, float], ...]  # lowest and highest value of each axis


def box(names: Sequence[str], ranges: Spans, height: int) -> dict[str, Any]:
    """A plotly scene: a box with sides as its ranges, as large as a narrow column allows.

    All axes have one scale, and the projection is orthographic, so parallel lines stay parallel.

    Args:
        names: of the three axes; an empty one is drawn without numbers.
        ranges: lowest and highest value of each axis; that of the upright one is extended to make
            room for its name.
        height: of the scene in pixels.

    >>> scene = box("RGB", ((0.0, 1.0), (0.0, 1.0), (0.0, 1.0)), 400)
    >>> scene["xaxis"]["ticktext"], scene["zaxis"]["ticktext"]
    (['0.5', '1<br><b>R</b>'], ['0.5', '1', '<b>B</b>'])
    """
    longest = max(high - low for low, high in ranges)
    marked = [
        _marked(name, span, longest, upright=n == 2)
        for n, (name, span) in enumerate(zip(names, ranges, strict=True))
    ]
    lengths = np.array([high - low for (low, high), _ in marked])
    # The upright axis is left of the box, and the one that goes to the back ends right of it.
    (_, right), (_, left) = marked[1:]
    beside = [TICK_PX + GAP_PX + _half_px(each.values()) for each in (left, right)]
    beside[0] += _out_px(left)
    scale, moved = _fitted(lengths, beside, height)
    axes = zip("xyz", marked, (0.0, 0.0, _out_px(left)), strict=True)
    return {
        "aspectmode": "manual",
        "aspectratio": dict(zip("xyz", (scale * lengths).tolist(), strict=True)),
        "camera": {
            "eye": dict(zip("xyz", (np.array(EYE) + moved).tolist(), strict=True)),
            "center": dict(zip("xyz", moved.tolist(), strict=True)),
            "projection": {"type": "orthographic"},
        },
        **{f"{axis}axis": _axis(span, ticks, TICK_PX + out) for axis, (span, ticks), out in axes},
    }


def _half_px(texts: Collection[str]) -> float:
    """About half the width of the widest text."""
    return 0.3 * TEXT_PX * max((len(text) for each in texts for text in _lines(each)), default=0)


def _lines(text: str) -> list[str]:
    return text.replace("<b>", "").replace("</b>", "").split("<br>")


def _out_px(texts: Mapping[float, str]) -> float:
    """The extra distance from the box that long words need so as not to overlap it."""
    return 1.4 * max(0.0, _half_px(texts.values()) - GAP_PX)


def _fitted(lengths: Array, beside: Sequence[float], height: int) -> tuple[float, Array]:
    """The scale of a box that fits between its numbers, and the centre that puts it there."""
    right, up = _sides()
    seen = np.abs([right, up]) @ lengths
    room = np.array([NARROWEST_PX - sum(beside), height - 2 * BELOW_PX])
    unit_px = height / 2  # without perspective a scene is 2 high
    return float((room / seen).min()) / unit_px, right * (beside[1] - beside[0]) / 2 / unit_px


def _sides() -> Array:
    """The directions right and up as seen from `EYE`.

    >>> ((_sides() @ EYE).round(9) + 0.0).tolist()
    [0.0, 0.0]
    """
    toward = np.array(EYE) / np.linalg.norm(EYE)
    right = np.cross([0.0, 0.0, 1.0], toward)
    right /= np.linalg.norm(right)
    return np.stack([right, np.cross(toward, right)])


def _marked(
    name: str, span: tuple[float, float], longest: float, *, upright: bool
) -> tuple[tuple[float, float], dict[float, str]]:
    """An axis's range and its ticks: round numbers, and the name at the upper end.

    The name is part of the ticks, which plotly places again when the cloud is turned, and which
    never overlap. It is under the last number, or for the upright axis above it, for which the
    range is extended.
    """
    low, high = span
    if not name:
        return span, {}
    ticks = {each: f"{each:.4g}".replace("-", "−") for each in _numbers(low, high, longest)}
    last = max(ticks, default=high)
    if upright:
        high = max(high, last + APART * longest) if ticks else high
        return (low, high), {**ticks, high: f"<b>{name}</b>"}
    return span, {**ticks, last: "<br>".join([*filter(None, [ticks.get(last)]), f"<b>{name}</b>"])}


def _numbers(low: float, high: float, longest: float) -> list[float]:
    """Round numbers along an axis, far enough apart, and none near its lower end, where axes meet.

    >>> _numbers(-0.05, 1.05, 1.1), _numbers(-2.4, 2.9, 7.8), _numbers(-0.1, 0.1, 7.8)
    ([0.5, 1.0], [0.0, 2.0], [])
    """
    least = max(APART * longest, (high - low) / 3)
    tens = 10.0 ** floor(log10(least))
    step = next(tens * n for n in (1, 2, 2.5, 5, 10) if tens * n >= least)
    first, last = ceil((low + longest / 10) / step), floor(high / step)
    return [n * step for n in range(first, last + 1)]


def _axis(span: tuple[float, float], ticks: dict[float, str], length_px: float) -> dict[str, Any]:
    return {
        "title": {"text": ""},
        "range": list(span),
        "tickvals": list(ticks),
        "ticktext": list(ticks.values()),
        "tickfont": {"size": TEXT_PX - 1},
        "tickangle": 0,
        "ticks": "outside",
        "ticklen": length_px,
        "tickcolor": GREY,
        "showticklabels": bool(ticks),
        "showbackground": True,
        "backgroundcolor": WALL,
        "gridcolor": GRID,
        "zeroline": True,
        "zerolinecolor": ZERO_LINE,
        "zerolinewidth": 4,
    }
