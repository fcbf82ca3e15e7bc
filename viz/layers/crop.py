"""The middle of a picture, and squares around it."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn


def first_kept(length: int, side_px: int) -> int:
    """The first position that a crop keeps along an axis; of an odd rest, more is cut off after it.

    >>> first_kept(224, 200), first_kept(149, 200)
    (12, 0)
    """
    return max(0, (length - side_px) // 2)


def centre_crop(x: Tensor, side_px: int) -> Tensor:
    """The square in the middle; an axis that is not longer than its side stays whole.

    out[c, i, j] = x[c, i + first_kept(H, side_px), j + first_kept(W, side_px)]

    Args:
        x: `(C, H, W)` or `(N, C, H, W)`.
        side_px: at least 1.

    Returns:
        The same number of axes, the last two at most `side_px` long.

    >>> import torch
    >>> centre_crop(torch.arange(6.0).view(1, 2, 3), side_px=1)
    tensor([[[1.]]])
    """
    top, left = (first_kept(length, side_px) for length in x.shape[-2:])
    return x[..., top : top + side_px, left : left + side_px]


class CentreCrop(nn.Module):
    """`centre_crop` as a module.

    >>> CentreCrop(200)
    CentreCrop(side_px=200)
    """

    def __init__(self, side_px: int) -> None:
        super().__init__()
        self.side_px = side_px

    def forward(self, x: Tensor) -> Tensor:
        """`(C, H, W)` or `(N, C, H, W)` in, the middle of every map out."""
        return centre_crop(x, self.side_px)

    def extra_repr(self) -> str:
        return f"side_px={self.side_px}"


def square_margins(length: int, side_px: int, inner_px: int, step_px: int) -> tuple[int, int]:
    """The pixels to add before and after an axis for `grown_square`; negative ones are cut off.

    >>> square_margins(512, 384, inner_px=224, step_px=32)
    (-48, -80)
    """
    steps = (side_px - inner_px) // step_px
    before = (inner_px - length) // 2 + step_px * ((steps + 1) // 2)
    return before, side_px - length - before


def grown_square(x: Tensor, side_px: int, inner_px: int, step_px: int) -> Tensor:
    """A square of a map: the smallest one lies in its middle, larger ones grow around it in steps.

    So every square has the smaller ones inside it, whole steps away from its own corner. Beyond the
    map there are zeros.

    Args:
        x: `(C, H, W)` or `(N, C, H, W)`.
        side_px: of the square, at least `inner_px`.
        inner_px: side of the smallest square, which is in the middle.
        step_px: from one place of the smallest square to the next.

    Returns:
        The same number of axes, the last two `side_px` long.

    >>> import torch
    >>> grown_square(torch.ones(1, 2, 4), side_px=3, inner_px=2, step_px=1)
    tensor([[[0., 0., 0.],
             [1., 1., 1.],
             [1., 1., 1.]]])
    """
    (top, bottom), (left, right) = (
        square_margins(length, side_px, inner_px, step_px) for length in x.shape[-2:]
    )
    return F.pad(x, (left, right, top, bottom))


class GrownSquare(nn.Module):
    """`grown_square` as a module.

    >>> GrownSquare(384, inner_px=224, step_px=32)
    GrownSquare(side_px=384, inner_px=224, step_px=32)
    """

    def __init__(self, side_px: int, inner_px: int, step_px: int) -> None:
        super().__init__()
        self.side_px, self.inner_px, self.step_px = side_px, inner_px, step_px

    def margins(self, length: int) -> tuple[int, int]:
        """The pixels that are added before and after an axis."""
        return square_margins(length, self.side_px, self.inner_px, self.step_px)

    def forward(self, x: Tensor) -> Tensor:
        """`(C, H, W)` or `(N, C, H, W)` in, a square of every map out."""
        return grown_square(x, self.side_px, self.inner_px, self.step_px)

    def extra_repr(self) -> str:
        return f"side_px={self.side_px}, inner_px={self.inner_px}, step_px={self.step_px}"
