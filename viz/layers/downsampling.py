"""Downsampling layers of equal output size, to compare a strided 1×1 with.

All map `(C, H, W)` to `(O, ceil(H / s), ceil(W / s))`, whether or not the stride divides the size.
They differ in the pixels that they read, and in the positions of their units on the picture.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from viz.layers.pointwise import Pointwise

Pool = Literal["max", "average"]


def binomial_kernel() -> Tensor:
    """The 3×3 low-pass of the binomial coefficients 1, 2, 1, across and down; it sums to 1.

    Its response at f cycles/px along an axis is cos²(πf): 1 at 0, ½ at 0.25, 0 at 0.5.

    >>> binomial_kernel() * 16
    tensor([[1., 2., 1.],
            [2., 4., 2.],
            [1., 2., 1.]])
    """
    row = torch.tensor([1.0, 2.0, 1.0]) / 4
    return torch.outer(row, row)


def binomial_window(channels: int) -> nn.Conv2d:
    """The binomial low-pass as a depthwise 3×3 with stride 1 and zero padding.

    >>> binomial_window(2)(torch.ones(2, 3, 3))[0]
    tensor([[0.5625, 0.7500, 0.5625],
            [0.7500, 1.0000, 0.7500],
            [0.5625, 0.7500, 0.5625]])
    """
    kernels = binomial_kernel().repeat(channels, 1, 1, 1)
    layer = nn.Conv2d(channels, channels, 3, padding=1, groups=channels, bias=False, device="meta")
    layer.weight = nn.Parameter(kernels, requires_grad=False)
    return layer


def binomial_blur(x: Tensor, dilation: int = 1) -> Tensor:
    """The binomial low-pass on each channel, with a dilation and zero padding.

    Args:
        x: `(C, H, W)` or `(N, C, H, W)`.
        dilation: pixels from one tap to the next, at least 1.

    Returns:
        The same shape; what `F.conv2d` of a depthwise 3×3 of that dilation gives, up to rounding.

    >>> binomial_blur(torch.ones(1, 3, 3))
    tensor([[[0.5625, 0.7500, 0.5625],
             [0.7500, 1.0000, 0.7500],
             [0.5625, 0.7500, 0.5625]]])
    """
    for _ in range(2):  # along the rows, then along the columns
        length = x.shape[-1]
        padded = F.pad(x, (dilation, dilation))
        ends = padded[..., :length] + padded[..., 2 * dilation :]
        x = ends.add(x, alpha=2).div(4).mT
    return x


def window_of(layer: nn.Module) -> Tensor | None:
    """The kernel of a layer that slides the same one over each channel, as `binomial_window` does.

    Returns:
        `(k, k)`; None for a layer that mixes channels, shifts them, or treats them differently.

    >>> window_of(binomial_window(4)).shape, window_of(nn.Conv2d(2, 2, 3))
    (torch.Size([3, 3]), None)
    """
    if not isinstance(layer, nn.Conv2d) or layer.bias is not None:
        return None
    window = layer.weight[0, 0]
    alone = layer.groups == layer.out_channels == layer.in_channels
    return window if alone and bool((layer.weight == window).all()) else None


def low_pass_mixing(matrix: Tensor, stride: int) -> nn.Conv2d:
    """A strided 3×3 that mixes channels by the matrix, and blurs before it subsamples.

    weight[o, c, i, j] = matrix[o, c] · binomial[i, j]; unit u is at pixel u·stride, as in a strided
    1×1. Border pixels are replicated, so that no zeros darken the edge.

    Args:
        matrix: `(O, C)`, the mixing matrix.
        stride: at least 1.

    Returns:
        One dense 3×3 convolution: nine times the weights and MACs of the strided 1×1.

    >>> low_pass_mixing(torch.eye(2), stride=2)(torch.ones(2, 5, 5)).shape
    torch.Size([2, 3, 3])
    """
    outputs, channels = matrix.shape
    layer = nn.Conv2d(
        *(channels, outputs, 3),
        stride=stride,
        padding=1,
        padding_mode="replicate",
        bias=False,
        device="meta",
    )
    kernels = matrix[:, :, None, None] * binomial_kernel().to(matrix.device)
    layer.weight = nn.Parameter(kernels, requires_grad=False)
    return layer


def pooled_mixing(matrix: Tensor, stride: int, pool: Pool) -> nn.Sequential:
    """A pool over blocks of stride × stride pixels, then the 1×1.

    If the stride does not divide the size, the last block is smaller: it gives the maximum or the
    mean of the remaining pixels.

    Args:
        matrix: `(O, C)`, the mixing matrix.
        stride: side of a block, at least 1.
        pool: `"max"` or `"average"`.

    Raises:
        ValueError: if the pool is neither of the two.

    >>> pooled_mixing(torch.eye(1), 2, "max")(torch.arange(9.0).view(1, 3, 3))
    tensor([[[4., 5.],
             [7., 8.]]])
    """
    pools: dict[str, Callable[[], nn.Module]] = {
        "max": lambda: nn.MaxPool2d(stride, ceil_mode=True),
        "average": lambda: nn.AvgPool2d(stride, ceil_mode=True, count_include_pad=False),
    }
    if pool not in pools:
        raise ValueError(f"a pool is 'max' or 'average', not {pool!r}")
    layers = nn.Sequential()
    layers.add_module("pool", pools[pool]())
    layers.add_module("mix", Pointwise(matrix))
    return layers


def upsampled(maps: Tensor, size: tuple[int, int], stride: int, *, centred: bool) -> Tensor:
    """The small maps upsampled bilinearly between the positions of their units on the picture.

    Unit u is at pixel u·stride after a strided 1×1 or 3×3, and at the middle of its block,
    u·stride + (stride − 1) / 2, after a pool. Confusing the two would shift the map by up to half a
    stride and count the shift as an error. Beyond the outermost units their values are repeated.
    The last unit of a pool counts as the middle of a whole block, even if its block is smaller.

    Args:
        maps: `(O, h, w)`.
        size: `(H, W)` of the picture, with h = ceil(H / stride), w likewise.
        stride: pixels from one unit to the next.
        centred: whether units are at the middle of their block.

    Returns:
        `(O, H, W)`.

    >>> small = torch.tensor([[[0.0, 2.0, 4.0]]])
    >>> upsampled(small, (1, 6), 2, centred=False)        # units at 0, 2, 4
    tensor([[[0., 1., 2., 3., 4., 4.]]])
    >>> upsampled(small, (1, 6), 2, centred=True)         # units at 0.5, 2.5, 4.5
    tensor([[[0.0000, 0.5000, 1.5000, 2.5000, 3.5000, 4.0000]]])
    """
    height, width = size
    reach = [stride * n if centred else stride * (n - 1) + 1 for n in maps.shape[-2:]]
    large = F.interpolate(maps[None], size=reach, mode="bilinear", align_corners=not centred)
    beyond = (0, max(0, width - reach[1]), 0, max(0, height - reach[0]))
    return F.pad(large, beyond, mode="replicate")[0, :, :height, :width]
