"""The rows and columns that a strided 1×1 reads, and a figure that shows them wrongly."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import torch
from torch import Tensor

from viz.geometry import Window, output_size


@dataclass(frozen=True)
class AxisReading:
    """One axis of a strided 1×1.

    Attributes:
        length: the number of positions.
        read: the positions that outputs read, in order: one for each unit.
    """

    length: int
    read: tuple[int, ...]


@dataclass(frozen=True)
class Reading:
    """The rows and columns of a picture that a strided 1×1 reads.

    Attributes:
        rows, columns: both axes.
        stride: pixels from one read to the next.
    """

    rows: AxisReading
    columns: AxisReading
    stride: int

    @property
    def outputs(self) -> tuple[int, int]:
        """Height and width of the output."""
        return len(self.rows.read), len(self.columns.read)

    @property
    def pixels_read(self) -> int:
        """The number of pixels that are read."""
        return len(self.rows.read) * len(self.columns.read)

    @property
    def pixels(self) -> int:
        """The number of pixels of the picture."""
        return self.rows.length * self.columns.length

    @property
    def mask(self) -> Tensor:
        """`(height, width)`, True where a pixel is read.

        >>> reading(2, 3, stride=2).mask.int().tolist()
        [[1, 0, 1], [0, 0, 0]]
        """
        read = torch.zeros(self.rows.length, self.columns.length, dtype=torch.bool)
        for row in self.rows.read:
            read[row, list(self.columns.read)] = True
        return read

    @property
    def share(self) -> Fraction:
        """The share of pixels that are read: 1/s² if the stride divides the size, else more."""
        return Fraction(self.pixels_read, self.pixels)

    @property
    def incomplete(self) -> tuple[int, int]:
        """Rows and columns of the last, incomplete block; 0 if the stride divides the size."""
        return self.rows.length % self.stride, self.columns.length % self.stride


def reading(height: int, width: int, stride: int) -> Reading:
    """The pixels that a strided 1×1 reads: only rows and columns 0, s, 2s, …

    The output has floor((H − 1) / s) + 1 rows, the ceiling of H / s; likewise columns.

    Args:
        height, width: of the picture, in pixels.
        stride: at least 1.

    Raises:
        ValueError: if a number is not positive.

    >>> five = reading(5, 8, stride=3)
    >>> five.outputs, five.rows.read, five.columns.read
    ((2, 3), (0, 3), (0, 3, 6))
    >>> five.share, five.incomplete
    (Fraction(3, 20), (2, 2))
    """
    rows, columns = (_axis(length, Window(stride=stride)) for length in (height, width))
    return Reading(rows, columns, stride)


def misdrawn(height: int = 5, width: int = 5, stride: int = 2) -> tuple[Reading, Reading]:
    """The widespread figure of a strided 1×1, which is wrong, and the right one.

    The figure has 5 × 5 cells, a stride of 2, and 2 × 2 outputs: it reads rows and columns 1 and 3,
    counted from 0. So it starts one row too late. For other strides the wrong reading here is the
    same mistake, the last row of every block of s instead of the first: s − 1 rows too late, as if
    a padding of 1 − s had cut them off. A layer without padding starts with the first row.

    Args:
        height, width: of the small grid.
        stride: cells from one read to the next.

    Returns:
        The wrong and the right reading. If the grid is smaller than the stride, the wrong one reads
        nothing and has no output: its `read` is empty.

    >>> wrong, right = misdrawn()
    >>> wrong.outputs, wrong.rows.read, right.outputs, right.rows.read
    ((2, 2), (1, 3), (3, 3), (0, 2, 4))
    """
    late = Window(stride=stride, padding=1 - stride)
    rows, columns = (_axis(length, late) for length in (height, width))
    return Reading(rows, columns, stride), reading(height, width, stride)


def _axis(length: int, window: Window) -> AxisReading:
    """The positions that units with a window of one position read, from −padding on."""
    if length <= -window.padding:
        return AxisReading(length, ())
    outputs = output_size(length, window.size, window.stride, window.padding)
    read = tuple(window.seen(unit)[0] for unit in range(outputs))
    return AxisReading(length, read)
