"""A 1×1 and the convolution after it as one convolution, and kernels as a matrix."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from viz.layers.sliding import Pair, pair


def merged(first: nn.Conv2d, then: nn.Conv2d) -> nn.Conv2d:
    """The one convolution that equals a 1×1 and the convolution after it, both linear.

    kernel[o, c, i, j] = Σₘ then[o, m, i, j] · first[m, c]
    bias[o] = then.bias[o] + Σ over m, i, j of then[o, m, i, j] · first.bias[m]

    With a bias in the 1×1 and zeros padded before `then`, it holds only where no tap is in the
    padding: the zeros have no bias, but the merged layer adds it for all taps.

    Args:
        first: a 1×1 of stride 1, without groups and padding.
        then: any convolution without groups that reads its output.

    Returns:
        A convolution with the window of `then`; its weights are computed in double precision.

    Raises:
        ValueError: if the layers are others than these, or do not fit.

    >>> both = merged(nn.Conv2d(5, 2, 1), nn.Conv2d(2, 4, 3, padding=1))
    >>> both
    Conv2d(5, 4, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))
    """
    _expect_a_pair(first, then)
    kernels, rows = then.weight.double(), first.weight[:, :, 0, 0].double()
    layer = nn.Conv2d(
        *(first.in_channels, then.out_channels, pair(then.kernel_size)),
        stride=pair(then.stride),
        padding=then.padding if isinstance(then.padding, str) else pair(then.padding),
        dilation=pair(then.dilation),
        bias=first.bias is not None or then.bias is not None,
        padding_mode=then.padding_mode,
        device="meta",
    )
    weight = torch.einsum("omij,mc->ocij", kernels, rows)
    layer.weight = nn.Parameter(weight.to(then.weight.dtype), requires_grad=False)
    bias = kernels.new_zeros(then.out_channels) if then.bias is None else then.bias.double()
    if first.bias is not None:
        bias = bias + kernels.sum((2, 3)) @ first.bias.double()
    if layer.bias is not None:
        layer.bias = nn.Parameter(bias.to(then.weight.dtype), requires_grad=False)
    return layer


def _expect_a_pair(first: nn.Conv2d, then: nn.Conv2d) -> None:
    alone = (first.kernel_size, first.stride, first.padding) == ((1, 1), (1, 1), (0, 0))
    if not alone or first.groups != 1 or then.groups != 1:
        raise ValueError(
            f"only a plain 1×1 merges with the layer after it, not {first} with {then}"
        )
    if first.out_channels != then.in_channels:
        raise ValueError(f"{then.in_channels} channels do not come from {first.out_channels}")


def as_matrix(kernels: Tensor) -> Tensor:
    """The kernels of a convolution as the matrix that a 1×1 before it multiplies from the right.

    A row holds what one tap of one output reads of all input channels.

    Args:
        kernels: `(O, C, k, l)`.

    Returns:
        `(O·k·l, C)`.

    >>> as_matrix(torch.arange(8).view(1, 2, 2, 2)).tolist()
    [[0, 4], [1, 5], [2, 6], [3, 7]]
    """
    return kernels.permute(0, 2, 3, 1).flatten(0, 2)


def as_kernels(matrix: Tensor, kernel_size: Pair) -> Tensor:
    """The inverse of `as_matrix`: `(O·k·l, C)` to `(O, C, k, l)`.

    >>> kernels = torch.rand(3, 4, 5, 5)
    >>> torch.equal(as_kernels(as_matrix(kernels), (5, 5)), kernels)
    True
    """
    taps: Tensor = matrix.unflatten(0, (-1, *kernel_size))
    return taps.permute(0, 3, 1, 2)
