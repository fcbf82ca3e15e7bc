"""Which channel of its group wins, and how often."""

from __future__ import annotations

import torch
from torch import Tensor

from viz.layers.cross_channel_pooling import winning_channel


def winners_of_pixel(values: Tensor, group: int) -> tuple[int, ...]:
    """The index of each group's channel with the largest value, the first among equals.

    Args:
        values: `(C,)`, the values of one pixel.
        group: a divisor of C.

    Returns:
        Indices among all channels.

    >>> winners_of_pixel(torch.tensor([1.0, 5.0, 4.0, 4.0]), group=2)
    (1, 2)
    """
    within = winning_channel(values[:, None, None], group).flatten().tolist()
    return tuple(group * g + int(k) for g, k in enumerate(within))


def winner_shares(winners: Tensor, group: int) -> Tensor:
    """The share of the pixels that each channel of a group wins.

    Args:
        winners: `(C / group, H, W)`, see `viz.layers.cross_channel_pooling.winning_channel`.
        group: the number of channels in a group.

    Returns:
        `(C / group, group)`; each row adds up to 1.

    >>> winner_shares(torch.tensor([[[1.0, 0.0, 1.0, 1.0]]]), group=2)
    tensor([[0.2500, 0.7500]])
    """
    pixels = winners.flatten(1)
    counts = pixels.new_zeros(len(pixels), group)
    counts.scatter_add_(1, pixels.long(), torch.ones_like(pixels))
    return counts / pixels.shape[1]
