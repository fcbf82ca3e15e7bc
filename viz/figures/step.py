"""A window that steps over a grid: its sizes, what it reads, and both in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from viz.geometry import Window, clipped, output_size

MAX_NAMED = 9  # of more rows only the first ones and the last are named


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


def caption(step: Step) -> str:
    """A description of the picture.

    >>> caption(Step((5, 5), stride=2, kernel=1, padding=0))
    '5×5, stride 2 → 3×3; rows and columns 0, 2, 4 are read'
    >>> caption(Step((5, 6), stride=1, kernel=3, padding=1))
    '5×6, kernel 3×3, stride 1, padding 1 → 5×6; every row and column is read'
    """
    kernel = f", kernel {step.kernel}×{step.kernel}" if step.kernel > 1 else ""
    padding = f", padding {step.padding}" if step.padding else ""
    sizes = f"{by(step.size)}{kernel}, stride {step.stride}{padding} → {by(step.outputs)}"
    rows, columns = step.read(0), step.read(1)
    if (len(rows), len(columns)) == step.size:
        return f"{sizes}; every row and column is read"
    if rows == columns:
        return f"{sizes}; rows and columns {_named(rows)} are read"
    return f"{sizes}; rows {_named(rows)} and columns {_named(columns)} are read"


def by(size: tuple[int, int]) -> str:
    """Height and width.

    >>> by((5, 7))
    '5×7'
    """
    return f"{size[0]}×{size[1]}"


def _named(positions: Sequence[int]) -> str:
    """The positions as text; of many only the first ones and the last.

    >>> _named([0, 2, 4]), _named(range(0, 40, 4))
    ('0, 2, 4', '0, 4, 8, …, 36')
    """
    if len(positions) <= MAX_NAMED:
        return ", ".join(map(str, positions))
    return f"{', '.join(map(str, positions[:3]))}, …, {positions[-1]}"
