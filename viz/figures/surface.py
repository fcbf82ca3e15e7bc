"""A kernel as a surface that turns, as an animated GIF: the browser's drawing, for a slide."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from math import ceil

import numpy as np
from PIL import Image, ImageDraw

from viz.figures.font import drawable, font
from viz.figures.heat import heat
from viz.figures.projection import FLOOR, RISE, Numbers, View, Where

FRAMES, FRAME_MS = 36, 120
WIDE_PX, TITLE_PX, LETTERS_PX = 400, 30, 18
FINER = 2  # drawn larger, then reduced, for smooth edges
PAPER, INK = (255, 255, 255), (17, 17, 17)
MESH_PX = 8  # least distance of the mesh's lines; more would hide the colours
LINE_SHARE = 0.3  # of ink in a line

Colour = tuple[int, int, int]


def surface_gif(
    numbers: Sequence[Sequence[float]], title: str = "", turn_degrees: float = 30.0
) -> bytes:
    """Numbers of a grid as heights above their flat picture, once around; it loops.

    Args:
        numbers: row by row, at least 2 × 2.
        title: is written above.
        turn_degrees: of the first frame, counter-clockwise as seen from above.

    Returns:
        An animated GIF of 36 frames, 10° apart.

    Raises:
        ValueError: if the numbers are no such grid.

    >>> with Image.open(BytesIO(surface_gif([[0.0, 1.0], [-1.0, 0.0]]))) as image:
    ...     image.format, image.n_frames
    ('GIF', 36)
    """
    grid = np.array(numbers, dtype=float)
    if grid.ndim != 2 or min(grid.shape) < 2:
        raise ValueError(f"a surface is a grid of at least 2 × 2, not {grid.shape}")
    turns = [turn_degrees + 360 * n / FRAMES for n in range(FRAMES)]
    first, *others = [_frame(grid, turn, title) for turn in turns]
    file = BytesIO()
    first.save(file, "GIF", save_all=True, append_images=others, duration=FRAME_MS, loop=0)
    return file.getvalue()


def _frame(grid: Numbers, turn_degrees: float, title: str) -> Image.Image:
    drawn = _Drawn(grid, turn_degrees)
    drawn.floor()
    drawn.faces()
    wide, tall = (length // FINER for length in drawn.image.size)
    frame = Image.new("RGB", (wide, tall + TITLE_PX), PAPER)
    frame.paste(drawn.image.resize((wide, tall), Image.Resampling.BOX), (0, TITLE_PX))
    letters = font(LETTERS_PX)
    ImageDraw.Draw(frame).text((8, 4), drawable(title, letters), INK, letters)
    return frame


class _Drawn:
    """One view of a grid, some times larger than it is shown."""

    def __init__(self, grid: Numbers, turn_degrees: float) -> None:
        rows, columns = grid.shape
        self.view = View(rows, columns, turn_degrees)
        scale = heat(grid.ravel().tolist(), "weight")
        self.heights = RISE * grid / scale.high
        self.picture = scale.colours(grid).astype(np.uint8)
        means = (grid[:-1, :-1] + grid[:-1, 1:] + grid[1:, :-1] + grid[1:, 1:]) / 4
        self.colours = scale.colours(means).astype(int)
        self.side, below, self.above = self.view.reach(self.heights)
        self.scale = FINER * WIDE_PX / (2 * self.side)
        tall = round((below + self.above) * self.scale / FINER) * FINER
        self.image = Image.new("RGB", (FINER * WIDE_PX, tall), PAPER)

    def place(self, row: Where, column: Where, height: Where) -> tuple[Where, Where]:
        """Where points are drawn, in pixels from the upper left."""
        x, y = self.view.place(row, column, height)
        return (self.side + x) * self.scale, (self.above - y) * self.scale

    def floor(self) -> None:
        """The numbers as a flat picture, a pixel each: parallel projection keeps its sides parallel."""
        origin, right, down = (
            np.array(self.place(row - 0.5, column - 0.5, FLOOR))
            for row, column in ((0, 0), (0, 1), (1, 0))
        )
        back = np.linalg.inv(np.stack([right - origin, down - origin], axis=1))
        affine = np.column_stack([back, -back @ origin]).ravel().tolist()
        size, way = self.image.size, Image.Transform.AFFINE
        picture = Image.fromarray(self.picture, "RGB")
        inside = Image.new("1", picture.size, 1).transform(size, way, affine)
        self.image.paste(picture.transform(size, way, affine), (0, 0), inside)

    def faces(self) -> None:
        """A face between every four neighbours, in the colour of their mean, and the lines of a mesh."""
        pen = ImageDraw.Draw(self.image)
        rows, columns = (axis.astype(float) for axis in np.indices(self.heights.shape))
        places = np.stack(self.place(rows, columns, self.heights), axis=-1)
        width = 2 * self.scale / FINER / (max(self.heights.shape) - 1)
        every = ceil(MESH_PX / width)
        for row, column in self.view.far_first():
            face = places[row : row + 2, column : column + 2]
            corners = [tuple(place) for place in face.reshape(4, 2)[[0, 1, 3, 2]].tolist()]
            fill: Colour = tuple(self.colours[row, column].tolist())
            pen.polygon(corners, fill, fill)
            # a face that is drawn later covers the edges that it shares
            for n, line in enumerate((row, column + 1, row + 1, column)):
                if line % every == 0:
                    pen.line([corners[n], corners[(n + 1) % 4]], _mixed(fill), FINER)


def _mixed(fill: Colour) -> Colour:
    """A face's colour with a share of ink."""
    red, green, blue = (
        round(paint + LINE_SHARE * (ink - paint)) for paint, ink in zip(fill, INK, strict=True)
    )
    return red, green, blue
