"""Shuffles of the channels: they break a group max, but not a fitted 1×1."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from viz.layers.channel_shuffle import permute_channels
from viz.layers.cross_channel_pooling import pool_channels
from viz.lessons.agreement import correlation, relative_error
from viz.lessons.bank_of_50 import CHANNELS
from viz.lessons.cross_channel_pooling.fitted_layers import fitted_layer
from viz.lessons.measured import looking_at


def shuffle_order(seed: int) -> tuple[int, ...]:
    """The channel of the bank at each place after the shuffle of that seed.

    >>> sorted(shuffle_order(0)) == list(range(50))
    True
    """
    generator = torch.Generator().manual_seed(seed)
    return tuple(torch.randperm(CHANNELS, generator=generator).tolist())


@dataclass(frozen=True)
class Shuffled:
    """The effect of a shuffle of the channels on a group max, and on a refitted 1×1.

    All maps are `(50 / group, H, W)`.

    Attributes:
        wanted: the group max of the channels in order.
        wrecked: the group max of the shuffled channels.
        fitted, refitted: the 1×1 that imitates `wanted`, from the channels in order and shuffled.
        wrecked_error, fitted_error, refitted_error: their errors, see `relative_error`.
        wrecked_correlation, refitted_correlation: their correlations with `wanted`.
    """

    wanted: Tensor
    wrecked: Tensor
    fitted: Tensor
    refitted: Tensor
    wrecked_error: float
    fitted_error: float
    refitted_error: float
    wrecked_correlation: float
    refitted_correlation: float


def shuffled(maps: Tensor, group: int, seed: int) -> Shuffled:
    """Shuffles the channels, and fits a 1×1 before and after.

    Args:
        maps: `(50, H, W)`, the maps of the bank in order, on any device.
        group: a divisor of 50.
        seed: of the shuffle.

    >>> seen = shuffled(torch.rand(50, 12, 12), group=10, seed=0)
    >>> seen.wrecked_error > 0.5, abs(seen.fitted_error - seen.refitted_error) < 1e-5
    (True, True)
    """
    in_another_order = permute_channels(maps, shuffle_order(seed))
    wanted, wrecked = (pool_channels(each, group) for each in (maps, in_another_order))
    before = fitted_layer(group, looking_at(maps)).to(maps.device)
    after = fitted_layer(group, looking_at(in_another_order), seed).to(maps.device)
    fitted, refitted = before(maps), after(in_another_order)
    return Shuffled(
        wanted,
        wrecked,
        fitted,
        refitted,
        relative_error(wrecked, wanted),
        relative_error(fitted, wanted),
        relative_error(refitted, wanted),
        correlation(wrecked, wanted),
        correlation(refitted, wanted),
    )
