"""The frames of a pool that steps over a grid of numbers, each with its arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from PIL import Image, ImageDraw

from viz.figures.font import drawable, font
from viz.figures.sheet import GROUNDS, INK, MARGIN_PX, PAPER, Place, Sheet
from viz.figures.step import Step, by

Grid = Sequence[Sequence[float]]
Pool = Literal["max", "mean"]

TITLE_PX, ARITHMETIC_PX = 26, 22
NUMBER_PX, LETTERS = (9, 28), 1.4  # the smallest and the largest; widths of a letter in a cell
LISTED = 9  # numbers of a window; of more only the first ones, and of fewer if they do not fit
OUTLINE_PX = 4


class NumberedSheet(Sheet):
    """A sheet whose cells have numbers, with a title above and the arithmetic below.

    Args:
        step: without padding.
        inputs, outputs: the numbers of both grids.
        pool: the kind of pool.
    """

    grid_px, max_cell_px = 400, 60
    above_px = MARGIN_PX + 2 * TITLE_PX

    def __init__(self, step: Step, inputs: Grid, outputs: Grid, pool: Pool) -> None:
        self.pool, self.inputs, self.outputs = pool, inputs, outputs
        texts = [written(value) for grid in (inputs, outputs) for row in grid for value in row]
        self.letters = max(map(len, texts))
        super().__init__(step)

    def _blank(self) -> Image.Image:
        upper = super()._blank()
        image = Image.new("RGB", (upper.width, upper.height + 2 * ARITHMETIC_PX), PAPER)
        image.paste(upper)
        window = by((self.step.kernel, self.step.kernel))
        title = f"{self.pool.capitalize()} pooling, {window}, stride {self.step.stride}"
        letters = font(TITLE_PX)
        ImageDraw.Draw(image).text((MARGIN_PX, MARGIN_PX), drawable(title, letters), INK, letters)
        return image

    def _cell(
        self, draw: ImageDraw.ImageDraw, origin: tuple[int, int], place: Place, fill: str
    ) -> None:
        super()._cell(draw, origin, place, fill)
        if fill == PAPER:  # still to come
            return
        (row, column), grid = place, self.inputs if origin == self.input_at else self.outputs
        left, top, right, bottom = self._box(origin, place)
        least, most = NUMBER_PX
        letters = font(max(least, min(most, round(LETTERS * self.cell / self.letters))))
        middle = ((left + right) / 2, (top + bottom) / 2)
        draw.text(middle, written(grid[row][column]), GROUNDS.get(fill, INK), letters, anchor="mm")

    def _finish(self, draw: ImageDraw.ImageDraw, unit: Place) -> None:
        places = self.window(unit)
        box = (
            *self._box(self.input_at, places[0])[:2],
            *self._box(self.input_at, places[-1])[2:],
        )
        draw.rectangle(box, outline=INK, width=OUTLINE_PX)
        if self.pool == "max" and len(places) > 1:
            self._circle(draw, [place for place in places if self._wins(place, unit)])
        letters = font(ARITHMETIC_PX)
        at = (MARGIN_PX, self.blank.height - 2 * ARITHMETIC_PX)
        text = self._arithmetic(unit, self.blank.width - 2 * MARGIN_PX)
        draw.text(at, text, INK, letters)

    def _wins(self, place: Place, unit: Place) -> bool:
        return self.inputs[place[0]][place[1]] == self.outputs[unit[0]][unit[1]]

    def _circle(self, draw: ImageDraw.ImageDraw, places: Sequence[Place]) -> None:
        """Circles the largest numbers, equal ones alike."""
        inset = self.cell // 8
        for place in places:
            left, top, right, bottom = self._box(self.input_at, place)
            ring = (left + inset, top + inset, right - inset, bottom - inset)
            draw.ellipse(ring, outline=INK, width=max(1, self.cell // 20))

    def _arithmetic(self, unit: Place, width: int) -> str:
        """The arithmetic of an output, with as many of its numbers as there is room for."""
        values = [self.inputs[row][column] for row, column in self.window(unit)]
        result = f"{self.outputs[unit[0]][unit[1]]:.4g}".replace("-", "−")
        letters = font(ARITHMETIC_PX)
        for most in range(min(LISTED, len(values)), 0, -1):
            text = drawable(f"{arithmetic(values, self.pool, most)} = {result}", letters)
            if letters.getlength(text) <= width:
                break
        return text


def arithmetic(values: Sequence[float], pool: Pool, most: int) -> str:
    """What a pool does with its numbers, of which at most `most` are named.

    >>> arithmetic([3, 1, 0, 2], "max", 9), arithmetic([3, 1, 0, 2], "mean", 3)
    ('max(3, 1, 0, 2)', '(3 + 1 + 0 + …) / 4')
    """
    named = [written(value) for value in values[:most]] + ["…"] * (len(values) > most)
    if pool == "max":
        return f"max({', '.join(named)})"
    return f"({' + '.join(named)}) / {len(values)}"


def written(value: float) -> str:
    """A number as a cell has room for: whole ones without decimals.

    >>> written(3.0), written(5 / 3), written(-0.5), written(99.92), written(127.4)
    ('3', '1.67', '−0.50', '99.9', '127')
    """
    decimals = 0 if float(value).is_integer() or abs(value) >= 100 else 2 - (abs(value) >= 10)
    return f"{value:.{decimals}f}".replace("-", "−")
