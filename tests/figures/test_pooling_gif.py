"""The animated GIF of a pool over numbers: opened again, every frame compared with torch."""

from __future__ import annotations

from io import BytesIO
from itertools import product
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image, ImageColor, ImageDraw
from torch.nn import functional as F

from viz.figures import numbered_sheet, sheet
from viz.figures.font import font
from viz.figures.numbered_sheet import NumberedSheet, Pool, written
from viz.figures.step import Step
from viz.figures.stepping import pooling_gif

FIGURE = [[3, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1]]
CASES: list[tuple[int, int, Pool]] = [(3, 1, "max"), (3, 1, "mean"), (1, 2, "max"), (2, 3, "mean")]


def outputs_of(size: int, stride: int, pool: Pool) -> list[list[float]]:
    pools = {"max": F.max_pool2d, "mean": F.avg_pool2d}
    found: list[list[float]] = pools[pool](torch.tensor([FIGURE]).float(), size, stride)[0].tolist()
    return found


class Opened:
    """The GIF and the layout of its frames."""

    def __init__(self, size: int, stride: int, pool: Pool) -> None:
        self.outputs = outputs_of(size, stride, pool)
        self.data = pooling_gif(FIGURE, self.outputs, size, stride, pool)
        self.sheet = NumberedSheet(Step((5, 5), stride, size, 0), FIGURE, self.outputs, pool)
        self.image: Any = Image.open(BytesIO(self.data))
        self.units = list(product(range(len(self.outputs)), range(len(self.outputs[0]))))

    def frame(self, n: int) -> Image.Image:
        self.image.seek(n)
        return self.image.convert("RGB")

    def cell(self, frame: Image.Image, origin: tuple[int, int], row: int, column: int) -> Any:
        """The inner part of a cell; window and unit have frames at its edge."""
        left, top, right, bottom = self.sheet._box(origin, (row, column))
        return np.asarray(frame.crop((left + 8, top + 8, right - 7, bottom - 7)))


def ground(cell: Any) -> str:
    """The name of the colour that most of a cell has."""
    colours, counts = np.unique(cell.reshape(-1, 3), axis=0, return_counts=True)
    most = tuple(colours[counts.argmax()].tolist())
    names = ("FIELD", "FILLED", "READ", "NEVER", "PAPER")
    return next(n for n in names if ImageColor.getrgb(getattr(sheet, n)) == most)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_window_the_outputs_so_far_and_what_is_never_read(case: tuple[int, int, Pool]):
    gif, (size, stride, _) = Opened(*case), case
    assert gif.image.n_frames == len(gif.units)

    def window(row: int, column: int) -> set[tuple[int, int]]:
        return {(row * stride + i, column * stride + j) for i in range(size) for j in range(size)}

    ever = set().union(*(window(*unit) for unit in gif.units))
    for n, unit in enumerate(gif.units):
        frame = gif.frame(n)
        for place in product(range(5), range(5)):
            expected = "FIELD" if place in window(*unit) else "READ" if place in ever else "NEVER"
            assert ground(gif.cell(frame, gif.sheet.input_at, *place)) == expected, (n, place)
        for at, output in enumerate(gif.units):
            expected = "FILLED" if at <= n else "PAPER"
            shown = gif.cell(frame, gif.sheet.output_at, *output)
            assert ground(shown) == expected, (n, output)
            assert (shown == 255).all() == (at > n), "no number of an output to come"


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_cell_has_its_number(case: tuple[int, int, Pool]):
    """Each is compared with the same number, drawn on a cell of its own."""
    gif = Opened(*case)
    frame = gif.frame(len(gif.units) - 1)
    letters = font(round(min(28, 1.4 * gif.sheet.cell / gif.sheet.letters)))
    grids: list[tuple[tuple[int, int], Any]] = [
        (gif.sheet.input_at, FIGURE),
        (gif.sheet.output_at, gif.outputs),
    ]
    looked = 0
    for origin, grid in grids:
        for row, column in product(range(len(grid)), range(len(grid[0]))):
            shown = gif.cell(frame, origin, row, column)
            name = ground(shown)
            if name in ("FIELD", "NEVER") or (origin, (row, column)) == (origin, gif.units[-1]):
                continue  # circled, hatched or framed
            alone = Image.new("RGB", (gif.sheet.cell + 1,) * 2, getattr(sheet, name))
            middle = (gif.sheet.cell / 2, gif.sheet.cell / 2)
            ink = "#ffffff" if name == "FILLED" else sheet.INK
            text = f"{grid[row][column]:.2f}".removesuffix(".00")
            ImageDraw.Draw(alone).text(middle, text, ink, letters, anchor="mm")
            drawn = np.asarray(alone)[8:-8, 8:-8].astype(int)
            assert np.abs(drawn - shown[: len(drawn), : len(drawn)]).max() < 40, (row, column)
            looked += 1
    assert looked > 8


def test_the_largest_numbers_of_a_max_are_circled_and_of_a_mean_none():
    """The mean of this window is 1, which is among its numbers; circles are ink."""
    ink = {}
    for pool in ("max", "mean"):
        gif = Opened(3, 1, pool)
        frame = gif.frame(3)
        dark = [
            [(gif.cell(frame, gif.sheet.input_at, r, c).max(-1) < 90).sum() for c in range(3)]
            for r in range(1, 4)
        ]
        ink[pool] = np.array(dark)
    more = np.abs(ink["max"] - ink["mean"]) > 50
    assert more.tolist() == [[number == 3 for number in row[:3]] for row in FIGURE[1:4]]


def test_the_arithmetic_below_by_hand():
    gif = Opened(3, 1, "mean")
    assert gif.sheet._arithmetic((1, 1), 600) == "(0 + 1 + 3 + 1 + 2 + 2 + 0 + 0 + 2) / 9 = 1.222"
    assert gif.sheet._arithmetic((1, 1), 300) == "(0 + 1 + …) / 9 = 1.222"
    assert Opened(1, 2, "max").sheet._arithmetic((2, 2), 600) == "max(1) = 1"
    below = gif.frame(4).crop((0, gif.sheet.below + 20, *gif.image.size)).convert("L")
    assert (np.asarray(below) < 100).sum() > 300


def test_the_largest_is_a_small_file():
    numbers = torch.randint(0, 256, (12, 12), generator=torch.Generator().manual_seed(0)).tolist()
    data = pooling_gif(numbers, numbers, 1, 1, "max")
    assert len(data) < 500_000


def test_numbers_fit_their_cells():
    for numbers in (FIGURE, [[255] * 12] * 12, [[-0.25] * 12] * 12):
        step = Step((len(numbers), len(numbers)), 1, 1, 0)
        laid = NumberedSheet(step, numbers, numbers, "max")
        size = max(9, min(28, round(numbered_sheet.LETTERS * laid.cell / laid.letters)))
        assert font(size).getlength(written(numbers[0][0])) <= laid.cell


@pytest.mark.parametrize("outputs", [[[1.0]], [[1.0, 2.0]] * 3])
def test_outputs_of_another_pool_are_refused(outputs: list[list[float]]):
    with pytest.raises(ValueError, match="3×3"):
        pooling_gif(FIGURE, outputs, 3, 1, "max")
