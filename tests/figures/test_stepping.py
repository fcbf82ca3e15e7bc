"""The animated GIF of a stepping kernel: opened again, and every cell of every frame looked at."""

from __future__ import annotations

from io import BytesIO
from itertools import product
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageColor

from viz.figures import sheet
from viz.figures.sheet import Sheet
from viz.figures.step import Step, caption
from viz.figures.stepping import stepping_gif

CASES = [(5, 2, 1, 0), ((8, 7), 3, 1, 0), ((4, 6), 1, 3, 1), ((7, 5), 4, 3, 2), (1, 1, 1, 0)]
IDS = [str(case) for case in CASES]


class Opened:
    """A GIF as whoever gets it sees it: frame by frame, the colour in the middle of any cell."""

    def __init__(self, case: tuple) -> None:
        size, self.stride, self.kernel, self.padding = case
        self.height, self.width = (size, size) if isinstance(size, int) else size
        self.data = stepping_gif(*case)
        self.sheet = Sheet(Step((self.height, self.width), self.stride, self.kernel, self.padding))
        self.image: Any = Image.open(BytesIO(self.data))
        self.rows, self.columns = (
            (length + 2 * self.padding - self.kernel) // self.stride + 1
            for length in (self.height, self.width)
        )

    def frame(self, n: int) -> Image.Image:
        self.image.seek(n)
        return self.image.convert("RGB")

    def colour(self, frame: Image.Image, origin: tuple[int, int], row: int, column: int) -> str:
        half, cell = self.sheet.cell // 2, self.sheet.cell
        pixel: Any = frame.getpixel(
            (origin[0] + column * cell + half, origin[1] + row * cell + half)
        )
        return NAMES.get(pixel, str(pixel))

    def read_by(self, n: int) -> set[tuple[int, int]]:
        """What output n reads, by a plain loop."""
        top, left = (n // self.columns) * self.stride, (n % self.columns) * self.stride
        return {
            (top + i - self.padding, left + j - self.padding)
            for i in range(self.kernel)
            for j in range(self.kernel)
            if 0 <= top + i - self.padding < self.height
            and 0 <= left + j - self.padding < self.width
        }


NAMES = {
    ImageColor.getrgb(getattr(sheet, name)): name
    for name in ("FIELD", "FILLED", "READ", "HATCH", "PAPER", "PADDED")
}


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_every_cell_of_every_frame(case: tuple):
    gif = Opened(case)
    outputs = gif.rows * gif.columns
    assert gif.image.n_frames == outputs if outputs > 1 else not gif.image.is_animated
    ever = set().union(*(gif.read_by(n) for n in range(outputs)))
    for n in range(outputs):
        frame, now = gif.frame(n), gif.read_by(n)
        for place in product(range(gif.height), range(gif.width)):
            expected = "FIELD" if place in now else "READ" if place in ever else "HATCH"
            assert gif.colour(frame, gif.sheet.input_at, *place) == expected, (n, place)
        for row, column in product(range(gif.rows), range(gif.columns)):
            done = row * gif.columns + column <= n
            filled = gif.colour(frame, gif.sheet.output_at, row, column)
            assert filled == ("FILLED" if done else "PAPER"), (n, row, column)


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_the_output_that_is_computed_is_outlined_in_the_accent(case: tuple):
    gif = Opened(case)
    for n in range(gif.rows * gif.columns):
        frame = gif.frame(n)
        x, y = gif.sheet.output_at
        corners = {
            (row, column): frame.getpixel(
                (x + column * gif.sheet.cell + 1, y + row * gif.sheet.cell + 1)
            )
            for row, column in product(range(gif.rows), range(gif.columns))
        }
        accent = ImageColor.getrgb(sheet.FIELD)
        assert [place for place, colour in corners.items() if colour == accent] == [
            divmod(n, gif.columns)
        ]


def test_the_zeros_of_the_padding_are_marked():
    gif = Opened(((4, 6), 1, 3, 1))
    first = gif.frame(0)
    outside = [(-1, -1), (-1, 0), (-1, 1), (0, -1), (1, -1)]
    for place in product(range(-1, 5), range(-1, 7)):
        if not (0 <= place[0] < 4 and 0 <= place[1] < 6):
            expected = "PADDED" if place in outside else "PAPER"
            assert gif.colour(first, gif.sheet.input_at, *place) == expected


def test_five_by_five_at_stride_two_by_hand():
    gif = Opened((5, 2, 1, 0))
    frame = gif.frame(4)
    seen = [gif.colour(frame, gif.sheet.input_at, *place) for place in product(range(5), range(5))]
    assert {name: seen.count(name) for name in ("HATCH", "READ", "FIELD")} == {
        "HATCH": 16,
        "READ": 8,
        "FIELD": 1,
    }
    assert seen[12] == "FIELD"


def test_it_repeats_for_ever_and_rests_at_the_end():
    image = Image.open(BytesIO(stepping_gif(5, 2)))
    times = []
    for n in range(9):
        image.seek(n)
        times.append(image.info["duration"])
    assert image.info["loop"] == 0
    assert len(set(times[:-1])) == 1
    assert times[-1] > times[0] >= 60


@pytest.mark.slow
@pytest.mark.parametrize("case", [(16, 1), (64, 4), ((18, 18), 1, 3, 0)])
def test_the_largest_are_small_files(case: tuple):
    data = stepping_gif(*case)
    image: Any
    with Image.open(BytesIO(data)) as image:
        assert image.n_frames == 256
    assert len(data) < 1_000_000


@given(st.integers(1, 9), st.integers(1, 9), st.integers(1, 8), st.integers(1, 3), st.data())
@settings(max_examples=15)
def test_any_step_has_a_frame_for_every_output(h: int, w: int, stride: int, kernel: int, data):
    padding = data.draw(st.integers(0, kernel - 1))
    assume(min(h, w) + 2 * padding >= kernel)
    gif = Opened(((h, w), stride, kernel, padding))
    assert getattr(gif.image, "n_frames", 1) == gif.rows * gif.columns
    x, y = gif.image.size
    assert x >= gif.sheet.output_at[0] + gif.columns * gif.sheet.cell
    assert y > gif.sheet.below


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ((5, 2, 1, 0), "5×5, stride 2 → 3×3; rows and columns 0, 2, 4 are read"),
        (((5, 7), 3, 1, 0), "5×7, stride 3 → 2×3; rows 0, 3 and columns 0, 3, 6 are read"),
        ((40, 3, 1, 0), "40×40, stride 3 → 14×14; rows and columns 0, 3, 6, …, 39 are read"),
        ((6, 1, 1, 0), "6×6, stride 1 → 6×6; every row and column is read"),
        (
            (5, 3, 2, 1),
            "5×5, kernel 2×2, stride 3, padding 1 → 2×2; rows and columns 0, 2, 3 are read",
        ),
    ],
)
def test_the_caption_says_sizes_and_what_is_read(case: tuple, words: str):
    size, stride, kernel, padding = case
    size = (size, size) if isinstance(size, int) else size
    assert caption(Step(size, stride, kernel, padding)) == words


def test_the_caption_is_on_the_picture_in_ink():
    gif = Opened((5, 2, 1, 0))
    below = gif.frame(0).crop((0, gif.sheet.below, *gif.image.size)).convert("L")
    assert sum(below.histogram()[:100]) > 200
    assert sheet.TEXT_PX >= 14


@pytest.mark.parametrize(
    "case",
    [(17, 1), (65, 8), (2, 1, 3, 0), (5, 0), (5, 1, 1, 1), (5, 1, 0, 0), (0, 1), (5, 1, 3, -1)],
)
def test_what_cannot_be_shown_is_refused(case: tuple):
    with pytest.raises(ValueError, match=r"\d"):
        stepping_gif(*case)


def test_a_font_without_the_arrow_says_it_otherwise(monkeypatch: pytest.MonkeyPatch):
    from viz.figures.font import font

    monkeypatch.setattr(sheet, "font", lambda size: font(size, names=()))
    text = " ".join(sheet.lines_of("5×5 → 3×3", 400))
    assert "?" not in text
    assert text.split()[1] in ("→", "->")
