"""One row of a small fully connected layer becomes a kernel, with whole numbers to follow."""

from __future__ import annotations

from typing import NamedTuple

import torch.nn.functional as F
from torch import Tensor

CHANNELS, SIDE, GRID = 2, 3, 5  # of the kernel, and the side of the maps that it slides over
LEVELS = 9
ROW = (2, -1, 1, 3, -2, 1, -1, 2, -3, 1, -2, 2, 3, -1, 1, -2, 1, 2)
Place = tuple[int, int, int]  # channel, row, column


def place(n: int, order: str) -> Place:
    """The place in the kernel of the n-th weight of a row, by the order of flattening.

    >>> place(10, "channels_first"), place(10, "channels_last")
    ((1, 0, 1), (0, 1, 2))
    """
    if order == "channels_first":
        channel, pixel = divmod(n, SIDE**2)
    else:
        pixel, channel = divmod(n, CHANNELS)
    return channel, *divmod(pixel, SIDE)


def small_maps(pixels: Tensor) -> Tensor:
    """Red and green of the picture on a coarse grid, `(2, 5, 5)`, in whole numbers from 0 to 9.

    >>> import torch
    >>> small_maps(torch.ones(3, 50, 50)).unique()
    tensor([9.])
    """
    return (LEVELS * F.adaptive_avg_pool2d(pixels[:CHANNELS], GRID)).round()


class Folded(NamedTuple):
    """A row, and the kernel that it gives.

    Attributes:
        row: `(18,)`.
        kernel: `(2, 3, 3)`, zero where no weight is yet.
        window: `(2, 3, 3)`, the first window of the maps.
    """

    row: Tensor
    kernel: Tensor
    window: Tensor

    @property
    def of_row(self) -> int:
        """Row times the flattened window: what the fully connected layer gives."""
        return int(self.row @ self.window.flatten())

    @property
    def of_kernel(self) -> int:
        """What the kernel gives so far."""
        return int((self.kernel * self.window).sum())


def fold(maps: Tensor, done: int, order: str) -> Folded:
    """The first `done` weights of the row in their places.

    Args:
        maps: `(2, 5, 5)`, see `small_maps`.
        done: 0 to 18.
        order: in which the weights are folded; PyTorch flattens channels first.
    """
    row = maps.new_tensor(ROW)
    kernel = maps.new_zeros(CHANNELS, SIDE, SIDE)
    for n in range(done):
        kernel[place(n, order)] = row[n]
    return Folded(row, kernel, maps[:, :SIDE, :SIDE])
