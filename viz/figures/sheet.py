"""The frames of a window that steps over a grid: the input beside the output filling up."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence
from functools import cache
from itertools import product

from PIL import Image, ImageColor, ImageDraw

from viz.assets import ROOT
from viz.figures.font import drawable, font
from viz.figures.step import Step, caption

MIN_WIDTH_PX, MARGIN_PX, ARROW_PX = 520, 18, 90
TEXT_PX, LEADING = 16, 1.4

_COLOURS = json.loads((ROOT / "assets" / "colours.json").read_text(encoding="utf-8"))
FIELD, FILLED = _COLOURS["field"], _COLOURS["sequential"][1]
READ, NEVER, HATCH, PADDED = "#b9cde6", "#e4e4e4", "#9c9c9c", "#fbdfc2"
PAPER, LINE, INK = "#ffffff", "#c4c4c4", "#222222"
SMOOTH = 10  # shades between a ground and its letters, for their edges
GROUNDS = {PAPER: INK, READ: INK, FIELD: INK, FILLED: PAPER}  # and the letters on them

Place = tuple[int, int]  # row, column


class Sheet:
    """The layout of all frames: both grids, an arrow, and the caption below them.

    `input_at` and `output_at` are the (x, y) of their first cells, which are `cell` px wide.
    """

    grid_px, max_cell_px = 340, 40  # about the longer side of the input; the largest cell
    above_px = MARGIN_PX  # over the grids

    def __init__(self, step: Step) -> None:
        self.step = step
        tall, wide = (length + 2 * step.padding for length in step.size)
        self.cell = min(self.max_cell_px, self.grid_px // max(tall, wide))
        border = step.padding * self.cell
        self.input_at = (MARGIN_PX + border, self.above_px + border)
        self.arrow = (MARGIN_PX + wide * self.cell, self.above_px + tall * self.cell // 2)
        half = step.outputs[0] * self.cell // 2
        self.output_at = (self.arrow[0] + ARROW_PX, max(self.above_px, self.arrow[1] - half))
        self.below = self.above_px + tall * self.cell + MARGIN_PX
        self.blank = self._blank()

    def frame(self, units: Sequence[Place]) -> Image.Image:
        """The frame in which the last of `units` is computed and the others are done."""
        image = self.blank.copy()
        draw = ImageDraw.Draw(image)
        for place in self.window(units[-1]):
            self._cell(draw, self.input_at, place, FIELD if self._inside(place) else PADDED)
        for unit in units:
            self._cell(draw, self.output_at, unit, FILLED)
        box = self._box(self.output_at, units[-1])
        draw.rectangle(box, outline=FIELD, width=max(1, self.cell // 8))
        self._finish(draw, units[-1])
        return image.quantize(palette=palette(), dither=Image.Dither.NONE)

    def window(self, unit: Place) -> list[Place]:
        """The places under the window of an output, also those in the padding."""
        rows, columns = (self.step.window.seen(place) for place in unit)
        return list(product(range(rows[0], rows[1] + 1), range(columns[0], columns[1] + 1)))

    def _finish(self, draw: ImageDraw.ImageDraw, unit: Place) -> None:
        """Draws what only the frame of one output has."""

    def _blank(self) -> Image.Image:
        across = self.output_at[0] + self.step.outputs[1] * self.cell + MARGIN_PX
        width = max(MIN_WIDTH_PX, across)
        lines = lines_of(caption(self.step), width - 2 * MARGIN_PX)
        height = self.below + round(LEADING * TEXT_PX * len(lines)) + MARGIN_PX // 2
        image = Image.new("RGB", (width, height), PAPER)
        draw = ImageDraw.Draw(image)
        self._grids(draw)
        self._arrow(draw)
        for n, line in enumerate(lines):
            at = (MARGIN_PX, self.below + n * LEADING * TEXT_PX)
            draw.text(at, line, INK, font(TEXT_PX))
        return image

    def _grids(self, draw: ImageDraw.ImageDraw) -> None:
        read = set(product(self.step.read(0), self.step.read(1)))
        height, width = self.step.size
        border = self.step.padding
        for place in product(range(-border, height + border), range(-border, width + border)):
            if place in read:
                self._cell(draw, self.input_at, place, READ)
            elif self._inside(place):
                self._cell(draw, self.input_at, place, NEVER)
                left, top, right, bottom = self._box(self.input_at, place)
                draw.line((left, bottom, right, top), HATCH)
            else:
                self._cell(draw, self.input_at, place, PAPER)
        rows, columns = self.step.outputs
        for unit in product(range(rows), range(columns)):
            self._cell(draw, self.output_at, unit, PAPER)

    def _arrow(self, draw: ImageDraw.ImageDraw) -> None:
        x, y = self.arrow
        tip = x + ARROW_PX - 22
        draw.line((x + 22, y, tip, y), INK, 2)
        draw.line((tip - 8, y - 7, tip, y, tip - 8, y + 7), INK, 2)

    def _inside(self, place: Place) -> bool:
        return all(0 <= at < length for at, length in zip(place, self.step.size, strict=True))

    def _box(self, origin: tuple[int, int], place: Place) -> tuple[int, int, int, int]:
        """Left, top, right, bottom of a cell; adjacent cells share border lines."""
        left, top = (at + self.cell * n for at, n in zip(origin, reversed(place), strict=True))
        return left, top, left + self.cell, top + self.cell

    def _cell(
        self, draw: ImageDraw.ImageDraw, origin: tuple[int, int], place: Place, fill: str
    ) -> None:
        draw.rectangle(self._box(origin, place), fill, LINE)


def lines_of(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` px, with characters that the font has."""
    letters = font(TEXT_PX)
    arrow = drawable("→", letters).replace("?", "->")
    known = drawable(text.replace("→", arrow), letters)
    return textwrap.wrap(known, int(len(known) * width / letters.getlength(known)) - 1)


@cache
def palette() -> Image.Image:
    """The colours of all frames, and shades between grounds and letters for smooth ones."""
    flat = [ImageColor.getrgb(each) for each in (*GROUNDS, INK, NEVER, HATCH, PADDED, LINE)]
    colours = [*flat, *(shade for pair in GROUNDS.items() for shade in _shades(*pair))]
    image = Image.new("P", (1, 1))
    image.putpalette([channel for colour in colours for channel in colour])
    return image


def _shades(ground: str, letters: str) -> list[tuple[int, ...]]:
    ends = list(zip(ImageColor.getrgb(ground), ImageColor.getrgb(letters), strict=True))
    return [tuple(a + (b - a) * n // SMOOTH for a, b in ends) for n in range(1, SMOOTH)]
