"""The figure "pooling with 1×1" that circulates: its numbers, and windows that give its size."""

from __future__ import annotations

from itertools import product
from typing import Literal, NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from viz.geometry import output_size
from viz.layers.max_pooling import max_pool

NUMBERS = (
    (3, 3, 2, 1, 0),
    (0, 0, 1, 3, 1),
    (3, 1, 2, 2, 3),
    (2, 0, 0, 2, 2),
    (2, 0, 0, 0, 1),
)
Pool = Literal["max", "mean"]
SIDE, DRAWN_SIDE = 5, 3  # of the grids that the figure shows
MAX_SIDE, MAX_SIZE, MAX_STRIDE = 12, 5, 4
LEVELS = 4  # the numbers are 0 to 3
SEED = 0


class Window(NamedTuple):
    """A pooling window: its side, and the step from one to the next."""

    size: int
    stride: int

    def fitting(self, rows: int, columns: int) -> Window:
        """The window, made smaller if it does not fit a grid.

        >>> Window(5, 2).fitting(3, 9)
        Window(size=3, stride=2)
        """
        return Window(min(self.size, rows, columns), self.stride)


SAID, DRAWN, STRIDED = Window(1, 1), Window(3, 1), Window(1, 2)


def continued(rows: int, columns: int) -> Tensor:
    """The figure's numbers; a larger grid continues with numbers of the same kind, always the same.

    Args:
        rows, columns: at most 12.

    Returns:
        `(1, rows, columns)`, whole numbers from 0 to 3.

    >>> continued(2, 3)
    tensor([[[3., 3., 2.],
             [0., 0., 1.]]])
    """
    random = torch.Generator().manual_seed(SEED)
    grid = torch.randint(LEVELS, (MAX_SIDE, MAX_SIDE), generator=random)
    grid[:SIDE, :SIDE] = torch.tensor(NUMBERS)
    return grid[None, :rows, :columns].float()


def pooled(grid: Tensor, window: Window, pool: Pool) -> Tensor:
    """The grid after max or average pooling without padding.

    Args:
        grid: `(1, rows, columns)`.
        window: one that fits.
        pool: `"max"` or `"mean"`.

    >>> pooled(continued(5, 5), DRAWN, "max").int().tolist()
    [[[3, 3, 3], [3, 3, 3], [3, 2, 3]]]
    """
    if pool == "max":
        return max_pool(grid, window.size, stride=window.stride)
    return F.avg_pool2d(grid, window.size, window.stride)


def windows_from_to(side: int, outputs: int) -> list[Window]:
    """Every window of 1 to 5 with a stride of 1 to 4 that gives `outputs` numbers a row.

    >>> windows_from_to(5, 3)
    [Window(size=1, stride=2), Window(size=3, stride=1)]
    """
    every = product(range(1, min(side, MAX_SIZE) + 1), range(1, MAX_STRIDE + 1))
    return [Window(*each) for each in every if output_size(side, *each) == outputs]
