"""TensorFlow's padding "SAME": as many zeros as the windows of a stride need to cover the map."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn


def same_margins(length: int, kernel: int, stride: int) -> tuple[int, int]:
    """The zeros before and after an axis, so that ⌈length / stride⌉ windows fit.

    Of an odd number of zeros one more stands after the map than before it.

    >>> same_margins(224, kernel=3, stride=2), same_margins(149, kernel=3, stride=2)
    ((0, 1), (1, 1))
    """
    total = max(0, (-(-length // stride) - 1) * stride + kernel - length)
    return total // 2, total - total // 2


def same_padded(x: Tensor, kernel: int, stride: int) -> Tensor:
    """A map with the zeros around it that a window of a stride needs; how many depends on its size.

    Args:
        x: `(C, H, W)` or `(N, C, H, W)`.
        kernel: side of the window.
        stride: of the window.

    Source: TensorFlow, `tf.nn`, "Notes on padding": the rule for "SAME".

    >>> import torch
    >>> same_padded(torch.ones(1, 2, 3), kernel=3, stride=2)
    tensor([[[0., 1., 1., 1., 0.],
             [0., 1., 1., 1., 0.],
             [0., 0., 0., 0., 0.]]])
    """
    (top, bottom), (left, right) = (same_margins(length, kernel, stride) for length in x.shape[-2:])
    return F.pad(x, (left, right, top, bottom))


class SamePad(nn.Module):
    """`same_padded` as a module, to stand before a convolution without padding.

    >>> SamePad(3, stride=2)
    SamePad(kernel=3, stride=2)
    """

    def __init__(self, kernel: int, stride: int) -> None:
        super().__init__()
        self.kernel, self.stride = kernel, stride

    def margins(self, length: int) -> tuple[int, int]:
        """The zeros that are added before and after an axis."""
        return same_margins(length, self.kernel, self.stride)

    def forward(self, x: Tensor) -> Tensor:
        """`(C, H, W)` or `(N, C, H, W)` in, every map with zeros around it out."""
        return same_padded(x, self.kernel, self.stride)

    def extra_repr(self) -> str:
        return f"kernel={self.kernel}, stride={self.stride}"
