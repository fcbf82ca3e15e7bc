"""The panel of feature maps as a picture to print, from the same buffer that the canvas draws."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from math import ceil
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from viz.export.colour import Ranges, as_picture, classed, coloured, ranges
from viz.export.legend import Bar, class_key, scale_bar, short
from viz.export.nearly import Bytes, Numbers, nearly
from viz.export.paper import DPI, LABEL, WIDE, headline, stacked
from viz.export.tiles import Tile, tiled
from viz.figures.font import fitting, font

NAME_PX = 600  # a longer name is cut, so that it does not push the maps apart


class Maps(NamedTuple):
    """The maps of a buffer: `steps` `(N, H, W)`, each from its `low` to its `high`."""

    header: dict[str, Any]
    steps: Bytes
    low: Numbers
    high: Numbers


def panel(
    buffer: bytes,
    title: str,
    lines: Sequence[str],
    *,
    scale: str = "shared",
    caption: str = "",
    picture: str = "",
    difference: bool = False,
    min_max: tuple[str, str] = ("min", "max"),
    own_names: Mapping[str, str] = MappingProxyType({}),
    named: Callable[[str], str] = str,
) -> bytes:
    """The maps of a buffer as a PNG at 300 dpi, with their names, a title and a legend.

    Args:
        buffer: see `packing.join`; its header has `names`, and may have `row_length`, `classes`,
            `as_picture` and `side_by_side`, which are drawn as the canvas draws them.
        title: the first line; the shape of the maps is added to it, or the map's name if several
            pictures are shown.
        lines: further lines above the maps.
        scale: see `colour.ranges`. With `"own"` each map's range is written after its name.
        caption: the text beside the scale.
        picture: the name of three maps that are shown as one picture; empty if they are not.
        min_max: the words for the smallest and the largest value, if they lie beyond the colours.
        difference: whether the maps are a difference: around 0, neither classes nor colours.
        own_names: the visitor's own names of pictures side by side, by key; others are called as
            in the buffer, which is the same for everybody.
        named: says a name of the buffer in the visitor's language.

    >>> import torch
    >>> from PIL import Image
    >>> from viz import packing
    >>> buffer = packing.join({"names": ["1"]}, {"maps": packing.pack(torch.eye(4)[None])})
    >>> with Image.open(BytesIO(panel(buffer, "Eye", []))) as image:
    ...     image.width >= WIDE, [round(dpi) for dpi in image.info["dpi"]]
    (True, [300, 300])
    """
    maps = _in_words(_maps(buffer), named)
    beside = maps.header.get("side_by_side")
    classes = [] if difference else maps.header.get("classes", [])
    scale = "symmetric" if difference else scale
    drawn = ranges(maps.low, maps.high, scale, nearly(_cut(maps, maps.steps), maps.low, maps.high))
    tiles = _tiles(maps, drawn, scale, classes, own_names)
    if picture and maps.header.get("as_picture") and not beside and not difference:
        tiles.append(Tile(as_picture(maps.steps, maps.low, maps.high), picture))
    sheet = tiled(tiles, 1 if beside else maps.header.get("row_length", 1))
    width = max(WIDE, sheet.width)
    ends = Bar(drawn.low[0], drawn.high[0], maps.low.min(), maps.high.max())
    bar = scale_bar(drawn.table, None if scale == "own" else ends, caption, width, min_max=min_max)
    foot = class_key(classes, width) if classes else bar
    head = headline([f"{title} · {_shape(maps)}", *lines], width)
    file = BytesIO()
    stacked([head, sheet, foot]).save(file, "PNG", dpi=(DPI, DPI), compress_level=4)
    return file.getvalue()


def _maps(buffer: bytes) -> Maps:
    """The header of a buffer, and its maps."""
    start = 4 + int.from_bytes(buffer[:4], "little")
    header = json.loads(buffer[4:start])
    blocks = header["blocks"]
    sizes = {name: int(np.prod(block["shape"])) for name, block in blocks.items()}
    before = list(sizes.values())[: list(sizes).index("maps")]
    steps = np.frombuffer(buffer, np.uint8, sizes["maps"], start + sum(before))
    low, high = (np.array(blocks["maps"][end], np.float64) for end in ("low", "high"))
    return Maps(header, steps.reshape(blocks["maps"]["shape"]), low, high)


def _in_words(maps: Maps, named: Callable[[str], str]) -> Maps:
    """The same maps with all names in another language."""
    header = dict(maps.header)
    for name in ("names", "classes"):
        header[name] = [named(each) for each in header.get(name, ())]
    beside = header.get("side_by_side")
    if beside:
        header["side_by_side"] = {**beside, "names": [named(each) for each in beside["names"]]}
    return maps._replace(header=header)


def _tiles(
    maps: Maps, drawn: Ranges, scale: str, classes: Sequence[str], own_names: Mapping[str, str]
) -> list[Tile]:
    """Every map in its colours, and the text below it."""
    if classes:
        colours = classed(maps.steps, maps.low, maps.high, len(classes))
    else:
        colours = coloured(maps.steps, maps.low, maps.high, drawn)
    labels = _labels(maps, own_names)
    if scale == "own" and not classes:
        ends = zip(labels, drawn.low, drawn.high, strict=True)
        labels = [f"{label}: {short(low)} … {short(high)}" for label, low, high in ends]
    return [Tile(*one) for one in zip(_cut(maps, colours), labels, strict=True)]


def _labels(maps: Maps, own_names: Mapping[str, str]) -> list[str]:
    """The name of every map; for several pictures with its shape, since shapes differ."""
    beside = maps.header.get("side_by_side")
    names = (beside or maps.header)["names"]
    if beside:
        keys = zip(beside["keys"], names, strict=True)
        names = [own_names.get(key, name) for key, name in keys]
    cut = [fitting(name, font(LABEL), NAME_PX) for name in names]
    if not beside:
        return cut
    shapes = zip(cut, beside["shapes"], strict=True)
    return [f"{name}, {rows} × {columns}" for name, (rows, columns) in shapes]


def _cut(maps: Maps, colours: Bytes) -> list[Bytes]:
    """Each map cropped to its own picture; a smaller one is in the corner of its plane."""
    beside = maps.header.get("side_by_side")
    if not beside:
        return list(colours)
    n = maps.header["blocks"]["maps"]["mean_of"]
    sizes = [(ceil(rows / n), ceil(columns / n)) for rows, columns in beside["shapes"]]
    return [each[:rows, :columns] for each, (rows, columns) in zip(colours, sizes, strict=True)]


def _shape(maps: Maps) -> str:
    """The shape of the maps; for several pictures the name of the map that is shown."""
    beside = maps.header.get("side_by_side")
    if beside:
        return maps.header["names"][beside["channel"]]
    return " × ".join(map(str, maps.steps.shape))
