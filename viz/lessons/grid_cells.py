"""A picture divided into a coarse grid, whose cells can be clicked."""

from __future__ import annotations

import torch
from torch import Tensor

GRID = (4, 4)  # rows and columns: a cell is easily hit, and seen from the last row


def cell_means(values: Tensor, grid: tuple[int, int] = GRID) -> Tensor:
    """The mean of the values in every cell of a grid.

    A pixel belongs to the cell that a click on its upper left corner would hit.

    Args:
        values: `(H, W)`, at least as large as the grid.
        grid: rows and columns of cells.

    Returns:
        `grid`.

    >>> cell_means(torch.arange(12.0).view(2, 6), (1, 3))
    tensor([[3.5000, 5.5000, 7.5000]])
    """
    (height, width), (rows, columns) = values.shape, grid
    down = torch.arange(height, device=values.device) * rows // height
    along = torch.arange(width, device=values.device) * columns // width
    cells = (down[:, None] * columns + along).flatten()
    sums = values.new_zeros(rows * columns).index_add(0, cells, values.flatten())
    return (sums / cells.bincount(minlength=rows * columns)).view(grid)


def largest_cells(means: Tensor, share: float = 0.75) -> frozenset[tuple[int, int]]:
    """The cells, as (row, column), that reach a share of the largest value; none if that is 0.

    >>> sorted(largest_cells(torch.tensor([[1.0, 4.0], [3.0, 0.0]])))
    [(0, 1), (1, 0)]
    """
    top = float(means.max())
    found = (means >= share * top).nonzero().tolist() if top > 0 else []
    return frozenset((row, column) for row, column in found)
