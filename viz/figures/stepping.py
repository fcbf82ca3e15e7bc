"""A convolution over a grid as an animated GIF, one output pixel a frame."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import product

from PIL import Image, ImageColor, ImageDraw

from viz.assets import ROOT
from viz.figures.font import drawable, font
from viz.geometry import Window, clipped, output_size

MAX_OUTPUTS, MAX_SIDE = 256, 64
GRID_PX, MAX_CELL_PX = 340, 40  # about the longer side of the input; the largest cell
MIN_WIDTH_PX, MARGIN_PX, ARROW_PX = 520, 18, 90
TEXT_PX, LEADING = 16, 1.4
TOUR_MS, MIN_MS, MAX_MS, REST_MS = 15_000, 60, 600, 1500
MAX_NAMED = 9  # of more rows only the first ones and the last are named

_COLOURS = json.loads((ROOT / "assets" / "colours.json").read_text(encoding="utf-8"))
FIELD, FILLED = _COLOURS["field"], _COLOURS["sequential"][1]
READ, NEVER, HATCH, PADDED = "#b9cde6", "#e4e4e4", "#9c9c9c", "#fbdfc2"
PAPER, LINE, INK = "#ffffff", "#c4c4c4", "#222222"
SMOOTH = 10  # shades between ink and paper, for the edges of letters

Place = tuple[int, int]  # row, column


@dataclass(frozen=True)
class Step:
    """A kernel on a grid: `size` (height, width) of the input, the same stride on both axes."""

    size: tuple[int, int]
    stride: int
    kernel: int
    padding: int

    @property
    def window(self) -> Window:
        """The window of an output along either axis."""
        return Window(self.kernel, self.stride, self.padding)

    @property
    def outputs(self) -> tuple[int, int]:
        """(height, width) of the output."""
        rows, columns = (
            output_size(length, self.kernel, self.stride, self.padding, self.padding)
            for length in self.size
        )
        return rows, columns

    def read(self, axis: int) -> list[int]:
        """The positions of an axis that any output reads, in order."""
        seen = (self.window.seen(unit) for unit in range(self.outputs[axis]))
        parts = (clipped(interval, self.size[axis]) for interval in seen)
        return sorted({at for part in parts if part for at in range(part[0], part[1] + 1)})


def stepping_gif(
    size: int | tuple[int, int], stride: int, kernel: int = 1, padding: int = 0
) -> bytes:
    """The input, with the pixels that are read lit, beside the output filling up; it loops.

    Pixels that no output reads are grey and hatched in every frame.

    Args:
        size: the side of a square input, or (height, width); at most 64.
        stride: pixels from one window to the next.
        kernel: side of the kernel.
        padding: rows and columns of zeros around the input, fewer than the kernel has.

    Returns:
        An animated GIF of as many frames as there are outputs, row by row.

    Raises:
        ValueError: if the kernel does not fit, the input or the padding is too large, or there
            are more than 256 outputs.

    >>> with Image.open(BytesIO(stepping_gif(5, stride=2))) as image:
    ...     image.format, image.n_frames
    ('GIF', 9)
    """
    step = Step((size, size) if isinstance(size, int) else size, stride, kernel, padding)
    units = _units(step)
    sheet = Sheet(step)
    first, *others = [sheet.frame(units[: n + 1]) for n in range(len(units))]
    pace = round(min(MAX_MS, max(MIN_MS, TOUR_MS / len(units))), -1)
    times = [*[pace] * len(others), pace + REST_MS]
    file = BytesIO()
    first.save(file, "GIF", save_all=True, append_images=others, duration=times, loop=0)
    return file.getvalue()


def caption(step: Step) -> str:
    """A description of the picture.

    >>> caption(Step((5, 5), stride=2, kernel=1, padding=0))
    '5×5, stride 2 → 3×3; rows and columns 0, 2, 4 are read'
    >>> caption(Step((5, 6), stride=1, kernel=3, padding=1))
    '5×6, kernel 3×3, stride 1, padding 1 → 5×6; every row and column is read'
    """
    kernel = f", kernel {step.kernel}×{step.kernel}" if step.kernel > 1 else ""
    padding = f", padding {step.padding}" if step.padding else ""
    sizes = f"{_by(step.size)}{kernel}, stride {step.stride}{padding} → {_by(step.outputs)}"
    rows, columns = step.read(0), step.read(1)
    if (len(rows), len(columns)) == step.size:
        return f"{sizes}; every row and column is read"
    if rows == columns:
        return f"{sizes}; rows and columns {_named(rows)} are read"
    return f"{sizes}; rows {_named(rows)} and columns {_named(columns)} are read"


class Sheet:
    """The layout of all frames: both grids, an arrow, and the caption below them.

    `input_at` and `output_at` are the (x, y) of their first cells, which are `cell` px wide.
    """

    def __init__(self, step: Step) -> None:
        self.step = step
        tall, wide = (length + 2 * step.padding for length in step.size)
        self.cell = min(MAX_CELL_PX, GRID_PX // max(tall, wide))
        border = MARGIN_PX + step.padding * self.cell
        self.input_at = (border, border)
        self.arrow = (MARGIN_PX + wide * self.cell, MARGIN_PX + tall * self.cell // 2)
        half = step.outputs[0] * self.cell // 2
        self.output_at = (self.arrow[0] + ARROW_PX, max(MARGIN_PX, self.arrow[1] - half))
        self.below = 2 * MARGIN_PX + tall * self.cell
        self.blank = self._blank()

    def frame(self, units: Sequence[Place]) -> Image.Image:
        """The frame in which the last of `units` is computed and the others are done."""
        image = self.blank.copy()
        draw = ImageDraw.Draw(image)
        rows, columns = (self.step.window.seen(place) for place in units[-1])
        for place in product(range(rows[0], rows[1] + 1), range(columns[0], columns[1] + 1)):
            self._cell(draw, self.input_at, place, FIELD if self._inside(place) else PADDED)
        for unit in units:
            self._cell(draw, self.output_at, unit, FILLED)
        box = self._box(self.output_at, units[-1])
        draw.rectangle(box, outline=FIELD, width=max(1, self.cell // 8))
        return image

    def _blank(self) -> Image.Image:
        across = self.output_at[0] + self.step.outputs[1] * self.cell + MARGIN_PX
        width = max(MIN_WIDTH_PX, across)
        lines = _lines(caption(self.step), width - 2 * MARGIN_PX)
        height = self.below + round(LEADING * TEXT_PX * len(lines)) + MARGIN_PX // 2
        image = Image.new("RGB", (width, height), PAPER)
        draw = ImageDraw.Draw(image)
        self._grids(draw)
        self._arrow(draw)
        for n, line in enumerate(lines):
            at = (MARGIN_PX, self.below + n * LEADING * TEXT_PX)
            draw.text(at, line, INK, font(TEXT_PX))
        return image.quantize(palette=_palette(), dither=Image.Dither.NONE)

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


def _units(step: Step) -> list[Place]:
    """Every output in the order in which it is computed.

    Raises:
        ValueError: see `stepping_gif`.
    """
    rows, columns = step.outputs
    if max(step.size) > MAX_SIDE or rows * columns > MAX_OUTPUTS:
        raise ValueError(
            f"a grid of {_by(step.size)} at stride {step.stride} is too large to be shown step by "
            f"step: at most {MAX_SIDE} a side and {MAX_OUTPUTS} outputs"
        )
    if not 0 <= step.padding < step.kernel:
        raise ValueError(f"padding {step.padding} must be 0 to {step.kernel - 1}")
    return list(product(range(rows), range(columns)))


def _by(size: tuple[int, int]) -> str:
    return f"{size[0]}×{size[1]}"


def _named(positions: Sequence[int]) -> str:
    """The positions as text; of many only the first ones and the last.

    >>> _named([0, 2, 4]), _named(range(0, 40, 4))
    ('0, 2, 4', '0, 4, 8, …, 36')
    """
    if len(positions) <= MAX_NAMED:
        return ", ".join(map(str, positions))
    return f"{', '.join(map(str, positions[:3]))}, …, {positions[-1]}"


def _lines(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` px, with characters that the font has."""
    letters = font(TEXT_PX)
    arrow = drawable("→", letters).replace("?", "->")
    known = drawable(text.replace("→", arrow), letters)
    return textwrap.wrap(known, int(len(known) * width / letters.getlength(known)) - 1)


def _palette() -> Image.Image:
    """The colours of all frames, and shades between ink and paper for smooth letters."""
    flat = (PAPER, FIELD, FILLED, READ, NEVER, HATCH, PADDED, LINE, INK)
    ink, paper = ImageColor.getrgb(INK)[0], ImageColor.getrgb(PAPER)[0]
    shades = [ink + (paper - ink) * n // SMOOTH for n in range(1, SMOOTH)]
    colours = [*(ImageColor.getrgb(colour)[:3] for colour in flat), *((s, s, s) for s in shades)]
    image = Image.new("P", (1, 1))
    image.putpalette([channel for colour in colours for channel in colour])
    return image
