"""A crop small enough to follow number by number, through the 1×1 and through a 3×3."""

from __future__ import annotations

from dataclasses import dataclass

import torch.nn.functional as F
from torch import Tensor

from viz.layers.downsampling import binomial_kernel

HEIGHT, WIDTH = 6, 8
MAX_CHANNELS = 4


@dataclass(frozen=True, eq=False)
class Stepping:
    """A crop of the input of the 1×1, and the outputs of two layers.

    Attributes:
        crop: `(C, h, w)`: 6×8 pixels, fewer if the picture is smaller, at most 4 channels.
        pointwise_weight: `(O, C, 1, 1)`, at most 4 rows.
        pointwise: `(O, h, w)`, the 1×1 of the crop.
        window_weight: `(O, C, 3, 3)`, the same matrix times a 3×3 binomial window that sums to 1.
        window: `(O, h, w)`, that 3×3 of the crop alone, with zero padding.
    """

    crop: Tensor
    pointwise_weight: Tensor
    pointwise: Tensor
    window_weight: Tensor
    window: Tensor


def stepping(maps: Tensor, matrix: Tensor, corner: tuple[int, int]) -> Stepping:
    """A small crop of the input of the 1×1, and the outputs of the 1×1 and of a 3×3.

    Both layers see only the crop and its first few channels, so that the numbers on screen add up
    exactly.

    Args:
        maps: `(C, H, W)`.
        matrix: `(O, C)`, on the same device.
        corner: the crop's upper left pixel.

    >>> import torch
    >>> found = stepping(torch.rand(3, 20, 30), torch.eye(3), (2, 5))
    >>> found.crop.shape, found.pointwise.shape, found.window_weight.shape
    (torch.Size([3, 6, 8]), torch.Size([3, 6, 8]), torch.Size([3, 3, 3, 3]))
    """
    top, left = corner
    crop = maps[:MAX_CHANNELS, top : top + HEIGHT, left : left + WIDTH]
    few = matrix[:MAX_CHANNELS, :MAX_CHANNELS, None, None]
    window = few * binomial_kernel().to(few.device)
    return Stepping(crop, few, F.conv2d(crop, few), window, F.conv2d(crop, window, padding=1))


def corner_around(size: tuple[int, int], row: int, column: int) -> tuple[int, int]:
    """The upper left pixel of a crop around a place, moved so that it lies in maps of this size.

    >>> corner_around((20, 30), 10, 99)
    (7, 22)
    """
    (height, width), (top, left) = size, (row - HEIGHT // 2, column - WIDTH // 2)
    return max(0, min(top, height - HEIGHT)), max(0, min(left, width - WIDTH))
