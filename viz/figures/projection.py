"""Numbers in a grid as heights above it, seen from a side; the browser's surface is drawn alike.

What both compute is held to `tests/vectors/surfaces.json`.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from math import cos, radians, sin
from typing import Any, NamedTuple, TypeVar

import numpy as np

TILT_DEGREES = 35.0  # of the view below the horizontal
RISE = 0.7  # height of the largest number; half the longer side of the grid is 1
FLOOR = -0.9  # height of the flat picture of the same numbers

Numbers = np.ndarray[Any, np.dtype[np.float64]]
Where = TypeVar("Where", float, Numbers)


class Reach(NamedTuple):
    """Distances from the middle to both sides, downwards and upwards."""

    side: float
    below: float
    above: float


class View(NamedTuple):
    """A grid of numbers, seen from a side in parallel projection.

    At 0° it is seen from its lower edge, columns to the right; larger angles turn it
    counter-clockwise as seen from above.

    Attributes:
        rows, columns: of the grid, at least 2.
        turn_degrees: how far it is turned.

    >>> x, y = View(3, 3, 0.0).place(1, 2, 0.0)
    >>> round(x, 6), round(y, 6)
    (1.0, 0.0)
    """

    rows: int
    columns: int
    turn_degrees: float

    def place(self, row: Where, column: Where, height: Where) -> tuple[Where, Where]:
        """Where points of the grid at a height are seen: to the right and upwards of the middle."""
        right, away = self._on_ground(row, column)
        turn, tilt = radians(self.turn_degrees), radians(TILT_DEGREES)
        depth = right * sin(turn) + away * cos(turn)
        return right * cos(turn) - away * sin(turn), depth * sin(tilt) + height * cos(tilt)

    def reach(self, heights: Numbers) -> Reach:
        """How far a surface and its floor reach at any turn.

        Args:
            heights: `(rows, columns)`, of the surface.
        """
        tilt = radians(TILT_DEGREES)
        right, away = self._on_ground(*np.indices(heights.shape))
        highest = np.hypot(right, away) * sin(tilt) + heights * cos(tilt)
        corner = float(np.hypot(*self._on_ground(np.array(-0.5), np.array(-0.5))))
        return Reach(corner, corner * sin(tilt) - FLOOR * cos(tilt), float(highest.max()))

    def _on_ground(self, row: Where, column: Where) -> tuple[Where, Where]:
        """To the right of the middle and away from the viewer, as seen from the lower edge."""
        half = (max(self.rows, self.columns) - 1) / 2
        return (column - (self.columns - 1) / 2) / half, ((self.rows - 1) / 2 - row) / half

    def far_first(self) -> Iterator[tuple[int, int]]:
        """The faces between neighbours by their upper left point, those that others may hide first.

        The view is parallel, so one face can only hide another that lies beyond it in its rows or
        columns, or both.
        """
        turn = radians(self.turn_degrees)
        rows, columns = range(self.rows - 1), range(self.columns - 1)
        return product(
            rows if cos(turn) >= 0 else reversed(rows),
            reversed(columns) if sin(turn) >= 0 else columns,
        )
