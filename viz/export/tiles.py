"""Maps in rows on a sheet, each with its name below it."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import NamedTuple

from PIL import Image, ImageDraw

from viz.export.colour import Bytes
from viz.export.paper import GAP, LABEL, LEADING, TALL, WIDE, blank
from viz.figures.font import drawable, font

WHOLE_ROWS_WORTH = 0.6  # as on the canvas: of the size that whole rows must keep


class Tile(NamedTuple):
    """A map in its colours `(H, W, 3)` uint8, and the text below it."""

    colours: Bytes
    label: str


class Plan(NamedTuple):
    """Maps in rows of `across`, every value a square of `scale` px; a cell is `wide` × `tall` px."""

    across: int
    scale: int
    wide: int
    tall: int


def tiled(tiles: Sequence[Tile], row_length: int) -> Image.Image:
    """All maps, each value as a square of equally many pixels: nothing is interpolated or left out.

    Args:
        tiles: maps of any sizes; the largest determines the size of a cell.
        row_length: the number of maps that belong in one row, see `arranged`.
    """
    letters = font(LABEL)
    labels = [drawable(tile.label, letters) for tile in tiles]
    widest = ceil(max(letters.getlength(label) for label in labels))
    rows, columns = (max(tile.colours.shape[axis] for tile in tiles) for axis in (0, 1))
    plan = arranged((len(tiles), rows, columns), widest, row_length)
    down = ceil(len(tiles) / plan.across)
    image = blank(plan.across * (plan.wide + GAP) - GAP, down * (plan.tall + GAP) - GAP)
    draw = ImageDraw.Draw(image)
    for n, (tile, label) in enumerate(zip(tiles, labels, strict=True)):
        x, y = n % plan.across * (plan.wide + GAP), n // plan.across * (plan.tall + GAP)
        enlarged = tile.colours.repeat(plan.scale, axis=0).repeat(plan.scale, axis=1)
        image.paste(Image.fromarray(enlarged), (x, y))
        draw.text((x, y + len(enlarged) + 6), label, "black", letters)
    return image


def arranged(shape: Sequence[int], label_px: int, row_length: int) -> Plan:
    """The Plan with the largest maps `(N, H, W)`, or with whole rows if that costs little.

    >>> arranged((16, 224, 224), 200, row_length=4)
    Plan(across=4, scale=2, wide=448, tall=498)
    """
    count, rows, columns = shape

    def fits(across: int) -> float:
        down = ceil(count / across)
        wide, tall = (WIDE - GAP * (across - 1)) / across, (TALL - GAP * (down - 1)) / down
        return min(wide / columns, (tall - LEADING * LABEL) / rows)

    best = max(range(1, count + 1), key=fits)
    orderly = max(range(row_length, count + 1, row_length), key=fits, default=best)
    across = orderly if fits(orderly) >= WHOLE_ROWS_WORTH * fits(best) else best
    scale = max(1, ceil(fits(across)))
    return Plan(
        across, scale, max(scale * columns, label_px), round(scale * rows + LEADING * LABEL)
    )
