"""A few pixels of the picture as numbers to follow by eye."""

from __future__ import annotations

import torch
from torch import Tensor

from viz.layers.pointwise import mix_channels
from viz.layers.recipes import grey_rows

GREY_LEVELS = 255


def small_grid(
    pixels: Tensor, rows: int, columns: int, centre: tuple[int, int] | None = None
) -> Tensor:
    """A small part of the picture as grey levels.

    A picture smaller than the grid repeats its border.

    Args:
        pixels: `(3, H, W)` in [0, 1].
        rows, columns: of the grid.
        centre: row and column of the pixel in its middle, as far as the grid then lies in the
            picture; the middle of the picture if None.

    Returns:
        `(1, rows, columns)`, whole numbers from 0 to 255.

    >>> small_grid(torch.ones(3, 9, 9), rows=1, columns=2)
    tensor([[[255., 255.]]])
    """
    grey = mix_channels(pixels, grey_rows(1).to(pixels.device))
    for axis, cells in ((-2, rows), (-1, columns)):
        length = grey.shape[axis]
        first = (length - cells) // 2 if centre is None else centre[axis] - cells // 2
        places = torch.arange(cells, device=grey.device) + max(0, min(first, length - cells))
        grey = grey.index_select(axis, places.clamp(max=length - 1))
    return (grey * GREY_LEVELS).round()
