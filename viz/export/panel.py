"""The panel of feature maps as a picture to print, from the very buffer that the canvas draws."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence
from io import BytesIO
from math import ceil
from typing import Any, NamedTuple

import numpy as np
from PIL import Image, ImageDraw

from viz.export.colour import Bytes, coloured, lookup, ranges
from viz.export.font import drawable, font

DPI = 300
POINT = DPI / 72
WIDE, TALL = 2400, 1600  # px; the maps fill at least one of them
MARGIN, GAP = 90, 36
BAR_WIDE, BAR_TALL = 800, 44
FAMILY_WORTH = 0.6  # as on the canvas: whole rows of a family are worth some size
TITLE, TEXT, LABEL = (round(points * POINT) for points in (14, 9, 8))
LEADING = 1.5


class Plan(NamedTuple):
    """Maps in rows of `across`, every value a square of `scale` px; a cell is `wide` × `tall` px."""

    across: int
    scale: int
    wide: int
    tall: int


def panel(
    buffer: bytes, title: str, lines: Sequence[str], *, scale: str = "shared", caption: str = ""
) -> bytes:
    """The maps of a buffer as a PNG at 300 dpi, with their names, a title and a scale in numbers.

    Every value is a square of equally many pixels: none is invented and none left out.

    Args:
        buffer: see `packing.join`; its header has `names` and may have `family`.
        title: the first line; the shape of the maps is put behind it.
        lines: what else is said above the maps.
        scale: see `colour.ranges`. With `"own"` each map's ends stand behind its name.
        caption: what is said beside the scale.

    >>> import torch
    >>> from viz import packing
    >>> buffer = packing.join({"names": ["1"]}, {"maps": packing.pack(torch.eye(4)[None])})
    >>> with Image.open(BytesIO(panel(buffer, "Eye", []))) as image:
    ...     image.width >= WIDE, [round(dpi) for dpi in image.info["dpi"]]
    (True, [300, 300])
    """
    header, steps = _maps(buffer)
    low, high = (np.array(header["blocks"]["maps"][end], np.float64) for end in ("low", "high"))
    ends = ranges(low, high, scale)
    labels = header["names"]
    if scale == "own":
        each = zip(labels, ends.low, ends.high, strict=True)
        labels = [f"{name}: {short(a)} … {short(b)}" for name, a, b in each]
    tiles = _tiles(coloured(steps, low, high, scale), labels, header.get("family", 1))
    shape = " × ".join(map(str, steps.shape))
    head = _headline([f"{title} · {shape}", *lines], max(WIDE, tiles.width))
    foot = _scale_bar(ends.table, () if scale == "own" else (ends.low[0], ends.high[0]), caption)
    file = BytesIO()
    _stacked([head, tiles, foot]).save(file, "PNG", dpi=(DPI, DPI), compress_level=4)
    return file.getvalue()


def short(value: float) -> str:
    """A number as the canvas writes it: three digits.

    >>> short(0.12345), short(-2.0), short(25_000.0), short(0.0)
    ('0.123', '−2', '2.5e4', '0')
    """
    if value and not 1e-3 <= abs(value) < 1e3:
        mantissa, exponent = f"{value:.1e}".split("e")
        return f"{mantissa}e{int(exponent)}".replace("-", "−")
    return f"{value + 0.0:.3g}".replace("-", "−")


def arranged(shape: Sequence[int], label_px: int, family: int) -> Plan:
    """How maps `(N, H, W)` stand so that they are large, the rows whole families if that costs little.

    >>> arranged((16, 224, 224), 200, family=4)
    Plan(across=4, scale=2, wide=448, tall=498)
    """
    count, rows, columns = shape

    def fits(across: int) -> float:
        down = ceil(count / across)
        wide, tall = (WIDE - GAP * (across - 1)) / across, (TALL - GAP * (down - 1)) / down
        return min(wide / columns, (tall - LEADING * LABEL) / rows)

    best = max(range(1, count + 1), key=fits)
    orderly = max(range(family, count + 1, family), key=fits, default=best)
    across = orderly if fits(orderly) >= FAMILY_WORTH * fits(best) else best
    scale = max(1, ceil(fits(across)))
    return Plan(
        across, scale, max(scale * columns, label_px), round(scale * rows + LEADING * LABEL)
    )


def _maps(buffer: bytes) -> tuple[dict[str, Any], Bytes]:
    """The header of a buffer, and the maps of it: its last block."""
    start = 4 + int.from_bytes(buffer[:4], "little")
    header = json.loads(buffer[4:start])
    shape = header["blocks"]["maps"]["shape"]
    pixels = np.frombuffer(buffer, np.uint8)[-int(np.prod(shape)) :]
    return header, pixels.reshape(shape)


def _tiles(colours: Bytes, labels: Sequence[str], family: int) -> Image.Image:
    letters = font(LABEL)
    labels = [drawable(label, letters) for label in labels]
    widest = ceil(max(letters.getlength(label) for label in labels))
    plan = arranged(colours.shape[:3], widest, family)
    down = ceil(len(colours) / plan.across)
    image = _paper(
        plan.across * (plan.wide + GAP) - GAP,
        down * (plan.tall + GAP) - GAP,
    )
    draw = ImageDraw.Draw(image)
    for n, (tile, label) in enumerate(zip(colours, labels, strict=True)):
        x, y = n % plan.across * (plan.wide + GAP), n // plan.across * (plan.tall + GAP)
        enlarged = tile.repeat(plan.scale, axis=0).repeat(plan.scale, axis=1)
        image.paste(Image.fromarray(enlarged), (x, y))
        draw.text((x, y + len(enlarged) + 6), label, "black", letters)
    return image


def _headline(lines: Sequence[str], width: int) -> Image.Image:
    """The title and the lines below it, broken where the paper ends."""
    sizes = [TITLE, *[TEXT] * (len(lines) - 1)]
    broken = [
        (line, size)
        for text, size in zip(lines, sizes, strict=True)
        for line in textwrap.wrap(drawable(text, font(size)), _signs(width, size))
    ]
    image = _paper(width, round(sum(LEADING * size for _, size in broken)))
    draw = ImageDraw.Draw(image)
    y = 0.0
    for line, size in broken:
        draw.text((0, y), line, "black", font(size))
        y += LEADING * size
    return image


def _signs(width: int, size: int) -> int:
    """How many signs of usual width go on a line."""
    return int(width / font(size).getlength("n"))


def _scale_bar(table: str, ends: tuple[float, ...], caption: str) -> Image.Image:
    """The colour map from low to high; numbers below it where all maps share them."""
    letters = font(TEXT)
    image = _paper(WIDE, round(BAR_TALL + 1.2 * LEADING * TEXT))
    colours = lookup(table)[np.arange(BAR_WIDE) * 256 // BAR_WIDE]
    image.paste(Image.fromarray(np.tile(colours, (BAR_TALL, 1, 1))))
    draw = ImageDraw.Draw(image)
    draw.text((BAR_WIDE + GAP, 0), drawable(caption, letters), "black", letters)
    marks = [(0, "la", ends[0]), (BAR_WIDE, "ra", ends[1])] if ends else []
    if ends and ends[0] < 0 < ends[1]:
        marks.append((BAR_WIDE // 2, "ma", 0.0))
    for x, anchor, value in marks:
        text = drawable(short(value), letters)
        draw.text((x, BAR_TALL + 10), text, "black", letters, anchor=anchor)
    return image


def _stacked(parts: Sequence[Image.Image]) -> Image.Image:
    """The parts below one another on one sheet with a margin."""
    width = max(part.width for part in parts)
    sheet = _paper(width + 2 * MARGIN, sum(part.height + GAP for part in parts) - GAP + 2 * MARGIN)
    y = MARGIN
    for part in parts:
        sheet.paste(part, (MARGIN, y))
        y += part.height + GAP
    return sheet


def _paper(width: int, height: int) -> Image.Image:
    return Image.new("RGB", (width, height), "white")
