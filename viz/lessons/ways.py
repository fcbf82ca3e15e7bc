"""One matrix at every pixel, computed by independent methods.

Each function takes the matrix `(O, C)` and returns a method: maps `(C, H, W)` on any device -> the
mixed maps there. The matrix is copied to a device once, not at every call.
"""

from __future__ import annotations

from functools import cache

import torch
import torch.nn.functional as F
from torch import Tensor

from viz.layers.pointwise import mix_channels
from viz.lessons.claim import Path

CROP_PX = 8  # a loop in Python over a whole picture would take seconds


def convolution(matrix: Tensor, stride: int = 1) -> Path:
    """`F.conv2d` with a 1×1 kernel."""
    weight = cache(matrix[:, :, None, None].to)
    return lambda x: F.conv2d(x, weight(x.device), stride=stride)


def blurred_convolution(matrix: Tensor) -> Path:
    """`F.conv2d` with a 3×3 kernel, the matrix at each of its nine places: a different result."""
    weight = cache((matrix[:, :, None, None].expand(-1, -1, 3, 3) / 9).to)
    return lambda x: F.conv2d(x, weight(x.device), padding=1)


def product(matrix: Tensor) -> Path:
    """The matrix times one column for every pixel."""
    weight = cache(matrix.to)
    return lambda x: (weight(x.device) @ x.flatten(1)).unflatten(1, x.shape[1:])


def subsampled(matrix: Tensor, stride: int) -> Path:
    """Every s-th pixel of every s-th row first, then the matrix."""
    weight = cache(matrix.to)
    return lambda x: mix_channels(x[:, ::stride, ::stride], weight(x.device))


def loop(matrix: Tensor) -> Path:
    """Pixel by pixel in double precision, in Python for any device of x."""

    def mixed(x: Tensor) -> Tensor:
        rows = matrix.tolist()
        lines = x.permute(1, 2, 0).tolist()
        pixels = [[[_dot(row, pixel) for pixel in line] for line in lines] for row in rows]
        return torch.tensor(pixels, device=x.device)

    return mixed


def _dot(row: list[float], pixel: list[float]) -> float:
    return sum(w * v for w, v in zip(row, pixel, strict=True))


def magnitude(matrix: Tensor, stride: int = 1) -> Path:
    """Σ|w·x| of every output, which bounds the rounding."""
    weight = cache(matrix.abs().to)
    return lambda x: mix_channels(x.abs(), weight(x.device), stride=stride)


def middle(maps: Tensor, side: int = CROP_PX) -> Tensor:
    """The middle of the maps, small enough for a loop in Python.

    >>> middle(torch.zeros(2, 20, 5)).shape
    torch.Size([2, 8, 5])
    """
    top, left = ((length - min(side, length)) // 2 for length in maps.shape[-2:])
    return maps[..., top : top + side, left : left + side]
