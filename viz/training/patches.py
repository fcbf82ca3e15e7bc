"""Small squares from random places of pictures."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

SIDE_PX = 12


def patches(pictures: Sequence[Tensor], count: int, seed: int, *, side_px: int = 12) -> Tensor:
    """Squares from random places of pictures, each minus its own mean.

    Every picture gives as many as the others, up to one, however large it is.

    Args:
        pictures: `(H, W)` each, at least as large as a square; on any device.
        count: the number of squares.
        seed: the same for the same places.
        side_px: side of a square in pixels.

    Returns:
        `(count, side_px²)` float64 on the CPU, the rows of a square after one another.

    Raises:
        ValueError: if there is no picture, or one is smaller than a square.

    >>> ramp = torch.arange(5.0).expand(4, 5)
    >>> patches([ramp], 2, seed=0, side_px=2)
    tensor([[-0.5000,  0.5000, -0.5000,  0.5000],
            [-0.5000,  0.5000, -0.5000,  0.5000]], dtype=torch.float64)
    """
    small = [tuple(each.shape) for each in pictures if min(each.shape) < side_px]
    if small or not pictures:
        raise ValueError(f"patches of {side_px} px do not fit in pictures of {small}")
    generator = torch.Generator().manual_seed(seed)
    shares = [len(each) for each in torch.arange(count).tensor_split(len(pictures))]
    found = [
        squares_of(picture, share, side_px, generator)
        for picture, share in zip(pictures, shares, strict=True)
    ]
    together = torch.cat(found)
    return together - together.mean(1, keepdim=True)


def squares_of(picture: Tensor, count: int, side_px: int, generator: torch.Generator) -> Tensor:
    """Squares of one picture, `(count, side_px²)` float64, as they are."""
    height, width = picture.shape
    rows = torch.randint(height - side_px + 1, (count,), generator=generator)
    columns = torch.randint(width - side_px + 1, (count,), generator=generator)
    windows = picture.double().cpu().unfold(0, side_px, 1).unfold(1, side_px, 1)
    return windows[rows, columns].flatten(1)
