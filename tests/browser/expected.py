"""What a canvas must show, worked out here: blocks of units, ranges, colours, boxes on the picture."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache

import numpy as np
import torch
import torch.nn.functional as F

from viz import packing
from viz.assets import ROOT
from viz.export import colour
from viz.export.nearly import nearly
from viz.geometry import ReceptiveField

Array = np.ndarray
Place = tuple[int, int, int]  # map, row, column
Range = tuple[float, float]


@cache
def stops(name: str) -> Array:
    """The stops of a colour map, `(n, 3)`."""
    listed = json.loads((ROOT / "assets" / "colours.json").read_text())[name]
    listed = [listed] if isinstance(listed, str) else listed
    return np.array([[int(stop[i : i + 2], 16) for i in (1, 3, 5)] for stop in listed])


FIELD = stops("field")[0]


def table(between: Array) -> Array:
    """256 colours, evenly between stops, `(256, 3)`."""
    at = np.linspace(0, 255, len(between))
    return np.stack([np.interp(np.arange(256), at, between[:, k]) for k in range(3)], 1).round()


def averaged(maps: Array, side: int) -> Array:
    """Means of blocks of `side` × `side` units; `(h, w)`, smaller blocks at the end."""
    blocks = F.avg_pool2d(torch.tensor(maps)[None], side, ceil_mode=True, count_include_pad=False)
    return blocks[0].numpy()


def in_the_middle(at: int, side: int, length: int) -> int:
    """The unit in the middle of a block, in a block that is cut off at most the last one."""
    return min(length - 1, at * side + side // 2)


def middle_units(maps: Array, side: int) -> Array:
    """Of every block the unit in its middle, `(h, w)`."""
    rows, columns = (
        [in_the_middle(at, side, length) for at in range(-(-length // side))]
        for length in maps.shape
    )
    return maps[np.ix_(rows, columns)]


def ranges(maps: Sequence[Array], scale: str) -> tuple[list[Range], str]:
    """The range every map is drawn with, and the name of the colour map, as on paper.

    Those of paper are held to what is worked out by hand, see `tests/test_vectors.py`.
    """
    low, high = (np.array([float(end(each)) for each in maps]) for end in (np.min, np.max))
    drawn = colour.ranges(low, high, scale, nearly([sent(each) for each in maps], low, high))
    return list(zip(drawn.low.tolist(), drawn.high.tolist(), strict=True)), drawn.table


def sent(one: Array) -> Array:
    """The 256 steps of a map."""
    return packing.pack(torch.tensor(one)[None]).pixels[0].numpy()


def right_colours(seen: Array, values: Array, between: Range, colours: Array) -> Array:
    """Where colours are those of the values, to two of 256 steps; `(h, w)`.

    One is that of the bytes, the other that of the range's end, which is a byte's value too.
    """
    low, high = between
    share = (values - low) / (high - low) if high > low else np.zeros_like(values)
    index = np.floor(255 * np.clip(share, 0, 1) + 0.5).astype(int)
    off = [np.abs(seen - colours[np.clip(index + step, 0, 255)]).max(-1) for step in range(-2, 3)]
    return np.min(off, axis=0) <= 1


def step_of(one: Array) -> float:
    """How finely a map is sent."""
    return float(one.max() - one.min()) / 255


def number(text: str) -> float:
    """A number as the canvas writes it."""
    mantissa, _, power = text.replace("−", "-").partition(" × 10")
    raised = power.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))
    return float(mantissa) * 10.0 ** int(raised or 0)


def box_of(field: ReceptiveField, row: int, column: int, size: tuple[int, int]) -> list[int]:
    """Top, left, bottom, right of what a unit sees of a picture of this size."""
    (top, bottom), (left, right) = field.rows.seen(row), field.columns.seen(column)
    return [max(0, top), max(0, left), min(size[0] - 1, bottom), min(size[1] - 1, right)]


def telling_places(maps: Sequence[Array], count: int = 3) -> list[Place]:
    """Places whose value is not that of their neighbours, of their mirror or of another map.

    Of `count` maps beside the first the one that tells most, of the first and last their ends.
    """
    rng = np.random.default_rng(len(maps))
    last = len(maps) - 1
    corner = maps[last].shape
    some = sorted({*np.linspace(0, last, count + 1).astype(int)[1:], last})
    chosen = [(0, 0, 0), (last, corner[0] - 1, corner[1] - 1)]
    for at in map(int, some):
        rows, columns = maps[at].shape
        inside = rng.integers(1, (rows - 1, columns - 1), size=(200, 2)).tolist()
        places = [(at, row, column) for row, column in inside]
        chosen.append(max(places, key=lambda place: _alternatives(maps, place)))
    return chosen


def _alternatives(maps: Sequence[Array], place: Place) -> int:
    """How many of the numbers one might show by mistake at a place differ clearly from its own."""
    at, row, column = place
    one = maps[at]
    near = [(row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)]
    others = [one[there] for there in [*near, (column, row)] if _holds(one, there)]
    others += [
        other[row, column] for other in maps if other is not one and _holds(other, place[1:])
    ]
    return sum(abs(value - one[row, column]) > 4 * step_of(one) for value in others)


def _holds(one: Array, place: tuple[int, int]) -> bool:
    return place[0] < one.shape[0] and place[1] < one.shape[1]


def faded(photo: np.ndarray, *, small: bool) -> np.ndarray:
    """The photo `(H, W, 3)` outside the box: nearer to its grey, and darker; less beside a small box.

    The grey is the luminosity of W3C, Compositing and Blending Level 1, section 10.2.
    """
    grey = photo @ np.array([0.3, 0.59, 0.11])
    colour, light = (1.0, 0.88) if small else (0.3, 0.68)
    pale: np.ndarray = light * (colour * photo + (1 - colour) * grey[..., None])
    return pale
