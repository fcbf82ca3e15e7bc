"""The middle of a picture."""

from __future__ import annotations

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
