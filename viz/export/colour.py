"""The colours of values as on the canvas: the same colour maps, and ranges by the same rules.

Paper is white, so these are the colour maps of the light theme, whatever the page's theme is.
"""

from __future__ import annotations

import json
from functools import cache
from typing import NamedTuple

import numpy as np

from viz.assets import ROOT
from viz.export.nearly import Bytes, Near, Numbers

WORTH = 0.9  # of the whole range; more than this is not cut
TOO_MUCH = 0.05  # of the whole range; less than this would show single points as areas


class Ranges(NamedTuple):
    """The range `(N,)` of every map, and the name of their colour map."""

    low: Numbers
    high: Numbers
    table: str


@cache
def lookup(table: str) -> Bytes:
    """256 colours `(256, 3)` uint8 from low to high.

    Args:
        table: `"sequential"`, `"activation"` or `"classes"`, as in `assets/colours.json`.

    >>> lookup("activation")[[0, 255]].tolist()
    [[5, 48, 97], [103, 0, 31]]
    """
    file = ROOT / "assets" / "colours.json"
    stops = [bytes.fromhex(stop[1:]) for stop in json.loads(file.read_text("utf-8"))[table]]
    at = np.arange(256) / 255 * (len(stops) - 1)
    channels = zip(*stops, strict=True)
    return _nearest(np.stack([np.interp(at, range(len(stops)), of) for of in channels], axis=-1))


def ranges(low: Numbers, high: Numbers, scale: str, near: Near | None = None) -> Ranges:
    """The range of every map's scale.

    Args:
        low, high: `(N,)`, the smallest and the largest value of each map.
        scale: `"shared"`: one for all, from 0 or around it; `"own"`: each map its own;
            `"symmetric"`: one for all, around 0.
        near: where nearly all values are; the few beyond get the colours of the ends. Without it
            all values have colours of their own.

    >>> ranges(np.array([0.0, 1.0]), np.array([2.0, 4.0]), "shared")
    Ranges(low=array([0., 0.]), high=array([4., 4.]), table='sequential')
    """
    near = near or Near(low, high, np.maximum(-low, high))
    signed = bool(low.min() < 0)
    if signed or scale == "symmetric":
        reach, far = np.maximum(-low, high), near.far
        if scale != "own":
            reach, far = (np.full_like(one, one.max()) for one in (reach, far))
        _, far = _cut(0.0 * far, far, 0.0 * reach, reach)
        return Ranges(-far, far, "activation")
    if scale == "own":
        return Ranges(*_cut(np.where(low == 0, 0, near.low), near.high, low, high), "sequential")
    top, most = (np.full_like(high, one.max()) for one in (near.high, high))
    return Ranges(*_cut(0.0 * top, top, 0.0 * most, most), "sequential")


def _cut(
    near_low: Numbers, near_high: Numbers, low: Numbers, high: Numbers
) -> tuple[Numbers, Numbers]:
    """The range of nearly all values, unless it is about that of all, or next to nothing."""
    share = np.divide(near_high - near_low, high - low, out=np.ones_like(low), where=high > low)
    gains = (share > TOO_MUCH) & (share < WORTH)
    return np.where(gains, near_low, low), np.where(gains, near_high, high)


def coloured(steps: Bytes, low: Numbers, high: Numbers, drawn: Ranges) -> Bytes:
    """Maps in colour, `(N, H, W, 3)` uint8.

    Args:
        steps: `(N, H, W)`; 0 stands for a map's smallest value, 255 for its largest.
        low, high: see `ranges`.
        drawn: the range of every map.

    >>> steps, ends = np.array([[[0, 255]]], np.uint8), (np.array([-1.0]), np.array([1.0]))
    >>> coloured(steps, *ends, ranges(*ends, "shared"))[0, 0].tolist()
    [[5, 48, 97], [103, 0, 31]]
    """
    values = _values(low, high)
    width = (drawn.high - drawn.low)[:, None]
    nothing = 0.5 if drawn.table == "activation" else 0.0  # for a scale of no width
    at = np.divide(
        values - drawn.low[:, None], width, out=np.full_like(values, nothing), where=width > 0
    )
    colours = lookup(drawn.table)[_nearest(255 * at.clip(0, 1))]
    return np.stack([of[map_] for of, map_ in zip(colours, steps, strict=True)])


def class_colours(count: int) -> Bytes:
    """The colours of `count` classes, `(count, 3)` uint8.

    >>> class_colours(2).tolist()
    [[51, 34, 136], [224, 154, 166]]
    """
    return lookup("classes")[_nearest(np.arange(count) * 255 / max(1, count - 1))]


def classed(steps: Bytes, low: Numbers, high: Numbers, count: int) -> Bytes:
    """Maps of class labels, 0 to `count` − 1, in their colours `(N, H, W, 3)`.

    Args:
        steps, low, high: see `coloured`.

    >>> classed(np.array([[[0, 255]]], np.uint8), np.array([0.0]), np.array([1.0]), 2)[0, 0].tolist()
    [[51, 34, 136], [224, 154, 166]]
    """
    classes = _nearest(_values(low, high)).clip(0, count - 1)
    return np.stack(
        [class_colours(count)[of[map_]] for of, map_ in zip(classes, steps, strict=True)]
    )


def as_picture(steps: Bytes, low: Numbers, high: Numbers) -> Bytes:
    """Three maps as the red, green and blue of a picture `(H, W, 3)`, clamped to [0, 1].

    Args:
        steps, low, high: see `coloured`.

    >>> steps = np.array([[[0]], [[255]], [[255]]], np.uint8)
    >>> as_picture(steps, np.array([-1.0, 0, 0]), np.array([1.0, 0.5, 7])).tolist()
    [[[0, 128, 255]]]
    """
    levels = _nearest(255 * _values(low, high).clip(0, 1))
    return np.stack([of[map_] for of, map_ in zip(levels, steps, strict=True)], axis=-1)


def _values(low: Numbers, high: Numbers) -> Numbers:
    """The value of each of a map's 256 steps, `(N, 256)`."""
    return low[:, None] + np.arange(256) / 255 * (high - low)[:, None]


def _nearest(values: Numbers) -> Bytes:
    """The nearest whole numbers; halves are rounded up as in the browser."""
    return np.floor(values + 0.5).astype(np.uint8)
