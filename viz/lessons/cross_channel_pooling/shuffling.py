"""What a shuffle of the channels wrecks, and what it does not."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from viz.layers.channel_shuffle import permute_channels
from viz.layers.cross_channel_pooling import pool_channels
from viz.lessons.cross_channel_pooling.agreement import correlation, relative_error
from viz.lessons.cross_channel_pooling.fitting import fit
from viz.lessons.cross_channel_pooling.network import shuffle_order
from viz.lessons.cross_channel_pooling.setting import Setting


@dataclass(frozen=True)
class Shuffled:
    """What a shuffle of the channels does to a group max, and to a 1×1 fitted anew.

    All maps are `(50 / group, H, W)`.

    Attributes:
        wanted: the group max of the channels in order.
        wrecked: the group max of the shuffled channels.
        fitted, refitted: the 1×1 that imitates `wanted`, from the channels in order and shuffled.
        wrecked_error, fitted_error, refitted_error: how far each is from `wanted`.
        wrecked_correlation, refitted_correlation: how alike each is to `wanted`.
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


def shuffled(setting: Setting, maps: Tensor) -> Shuffled:
    """Shuffles the channels by the Setting's seed, whether or not the network does.

    Args:
        setting: its group and shuffle seed count.
        maps: `(50, H, W)`, the maps of the bank, on any device.

    >>> import torch
    >>> seen = shuffled(Setting(), torch.rand(50, 12, 12))
    >>> seen.wrecked_error > 0.5, abs(seen.fitted_error - seen.refitted_error) < 1e-5
    (True, True)
    """
    in_another_order = permute_channels(maps, shuffle_order(setting.shuffle_seed))
    wanted, wrecked = (pool_channels(each, setting.group) for each in (maps, in_another_order))
    before = fit(maps, setting.group)
    after = fit(in_another_order, setting.group, setting.shuffle_seed)
    return Shuffled(
        wanted,
        wrecked,
        before.maps,
        after.maps,
        relative_error(wrecked, wanted),
        before.error,
        after.error,
        correlation(wrecked, wanted),
        correlation(after.maps, wanted),
    )
