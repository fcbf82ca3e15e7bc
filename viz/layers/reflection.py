"""Padding with the mirror image of a map, also where the padding is wider than the map."""

from __future__ import annotations

import torch
from torch import Tensor


def reflected(maps: Tensor, margin: int) -> Tensor:
    """Maps with their mirror image around them; the border itself is not repeated.

    Position −d holds position d, as with `F.pad(maps, [margin] * 4, mode="reflect")`. If the margin
    is wider than the map, the image is mirrored again: along an axis of n positions it repeats
    after 2·(n − 1).

    Args:
        maps: `(..., H, W)`, not empty.
        margin: positions to add on each side.

    Returns:
        `(..., H + 2·margin, W + 2·margin)`.

    >>> reflected(torch.tensor([[[1, 2, 3]]]), 1)[0, 0], reflected(torch.tensor([[[1, 2]]]), 3)[0, 0]
    (tensor([2, 1, 2, 3, 2]), tensor([2, 1, 2, 1, 2, 1, 2, 1]))
    """
    for axis in (-2, -1):
        last = maps.shape[axis] - 1
        places = torch.arange(-margin, last + margin + 1, device=maps.device) % max(1, 2 * last)
        maps = maps.index_select(axis, torch.minimum(places, 2 * last - places))
    return maps
