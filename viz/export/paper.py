"""A sheet to print: its size, the size of its letters, and its layout."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from PIL import Image, ImageDraw

from viz.figures.font import drawable, font

DPI = 300
POINT = DPI / 72
WIDE, TALL = 2400, 1600  # px; the maps fill at least one of them
MARGIN, GAP = 90, 36
TITLE, TEXT, LABEL = (round(points * POINT) for points in (14, 9, 8))
LEADING = 1.5


def blank(width: int, height: int) -> Image.Image:
    """A white sheet."""
    return Image.new("RGB", (width, height), "white")


def headline(lines: Sequence[str], width: int) -> Image.Image:
    """A title and the lines below it, wrapped at the width of the sheet."""
    sizes = [TITLE, *[TEXT] * (len(lines) - 1)]
    broken = [
        (line, size)
        for text, size in zip(lines, sizes, strict=True)
        for line in textwrap.wrap(drawable(text, font(size)), _characters(width, size))
    ]
    image = blank(width, round(sum(LEADING * size for _, size in broken)))
    draw = ImageDraw.Draw(image)
    y = 0.0
    for line, size in broken:
        draw.text((0, y), line, "black", font(size))
        y += LEADING * size
    return image


def stacked(parts: Sequence[Image.Image]) -> Image.Image:
    """Images below one another on one sheet with a margin."""
    width = max(part.width for part in parts)
    sheet = blank(width + 2 * MARGIN, sum(part.height + GAP for part in parts) - GAP + 2 * MARGIN)
    y = MARGIN
    for part in parts:
        sheet.paste(part, (MARGIN, y))
        y += part.height + GAP
    return sheet


def _characters(width: int, size: int) -> int:
    """The number of characters of usual width in a line."""
    return int(width / font(size).getlength("n"))
