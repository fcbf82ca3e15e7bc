"""The legend of a panel: a colour bar with numbers, or a key of named classes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw

from viz.export.colour import class_colours, lookup
from viz.export.paper import GAP, LEADING, TEXT, blank
from viz.figures.font import drawable, font

BAR_WIDE, BAR_TALL = 800, 44
POINT = 40  # px of a pointed end
AFTER_SWATCH = 14  # px from a colour to its name


class Bar(NamedTuple):
    """The range of colours, and the values that there are."""

    low: float
    high: float
    least: float
    most: float


def scale_bar(
    table: str,
    ends: Bar | None,
    caption: str,
    width: int,
    *,
    min_max: tuple[str, str] = ("min", "max"),
) -> Image.Image:
    """The colour map from low to high, with numbers below it if all maps share a range.

    An end is pointed if values lie beyond it; then the caption says how far they reach.

    Args:
        ends: None if each map has a range of its own.
        min_max: the words for the smallest and the largest value.
    """
    letters = font(TEXT)
    said = [*_extremes(ends, min_max), caption] if ends else [caption]
    image = blank(width, round(BAR_TALL + 1.2 * LEADING * TEXT))
    colours = lookup(table)[np.arange(BAR_WIDE) * 256 // BAR_WIDE]
    image.paste(Image.fromarray(np.tile(colours, (BAR_TALL, 1, 1))))
    draw = ImageDraw.Draw(image)
    draw.text((BAR_WIDE + GAP, 0), drawable(" · ".join(said), letters), "black", letters)
    if ends is None:
        return image
    _point(draw, left=ends.least < ends.low, right=ends.most > ends.high)
    marks = [(0, "la", ends.low), (BAR_WIDE, "ra", ends.high)]
    if ends.low < 0 < ends.high:
        marks.append((BAR_WIDE // 2, "ma", 0.0))
    for x, anchor, value in marks:
        text = drawable(short(value), letters)
        draw.text((x, BAR_TALL + 10), text, "black", letters, anchor=anchor)
    return image


def _extremes(ends: Bar, min_max: tuple[str, str]) -> list[str]:
    """The smallest and the largest value, if they lie beyond the colours."""
    under = [f"{min_max[0]} {short(ends.least)}"] if ends.least < ends.low else []
    return [*under, f"{min_max[1]} {short(ends.most)}"] if ends.most > ends.high else under


def _point(draw: ImageDraw.ImageDraw, *, left: bool, right: bool) -> None:
    """Cuts the corners of the ends off."""
    for is_pointed, tip, inner in ((left, 0, POINT), (right, BAR_WIDE, BAR_WIDE - POINT)):
        for edge in (0, BAR_TALL) if is_pointed else ():
            draw.polygon([(tip, edge), (inner, edge), (tip, BAR_TALL / 2)], "white")


def class_key(names: Sequence[str], width: int) -> Image.Image:
    """The colour of every class with its name beside it, in as many lines as necessary."""
    letters = font(TEXT)
    known = [drawable(name, letters) for name in names]
    places = list(_flowing([BAR_TALL + AFTER_SWATCH + letters.getlength(n) for n in known], width))
    line = round(LEADING * BAR_TALL)
    image = blank(width, (places[-1][1] + 1) * line)
    draw = ImageDraw.Draw(image)
    for name, (x, row), colour in zip(known, places, class_colours(len(names)), strict=True):
        box = (x, row * line, x + BAR_TALL - 1, row * line + BAR_TALL - 1)
        draw.rectangle(box, tuple(colour.tolist()))
        middle = (x + BAR_TALL + AFTER_SWATCH, row * line + BAR_TALL // 2)
        draw.text(middle, name, "black", letters, anchor="lm")
    return image


def _flowing(widths: Sequence[float], width: int) -> Iterator[tuple[int, int]]:
    """The x and the line of each item when items of these widths are set like words.

    >>> list(_flowing([40, 40, 40], 120))
    [(0, 0), (76, 0), (0, 1)]
    """
    x, row = 0.0, 0
    for each in widths:
        if x and x + each > width:
            x, row = 0.0, row + 1
        yield round(x), row
        x += each + GAP


def short(value: float) -> str:
    """A number as the canvas writes it, with three digits.

    >>> short(0.12345), short(-2.0), short(25_000.0), short(0.0)
    ('0.123', '−2', '2.5e4', '0')
    """
    if value and not 1e-3 <= abs(value) < 1e3:
        mantissa, exponent = f"{value:.1e}".split("e")
        return f"{mantissa}e{int(exponent)}".replace("-", "−")
    return f"{value + 0.0:.3g}".replace("-", "−")
