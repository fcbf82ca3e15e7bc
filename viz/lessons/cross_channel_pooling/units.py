"""How many maps can be made of 50, and at what price."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import nn

from viz.layers.cross_channel_pooling import Maxout, PoolChannels
from viz.lessons.cross_channel_pooling.setting import CHANNELS, DIVISORS, MOST_UNITS, Setting
from viz.trace import cost


@dataclass(frozen=True)
class Reach:
    """A number of maps that can be made of 50, and what it costs in parameters."""

    maps: int
    parameters: int


def limits_of_units(setting: Setting) -> tuple[tuple[Reach, ...], tuple[Reach, ...]]:
    """How many maps a group max and a maxout can make of 50.

    Returns:
        One for each divisor of 50, the group max's, without parameters and at most 50 maps; and
        one for each number of units up to 64, maxout's with the pieces of the Setting.

    >>> pooled, free = limits_of_units(Setting())
    >>> [reach.maps for reach in pooled], free[-1]
    ([50, 25, 10, 5, 2, 1], Reach(maps=64, parameters=6528))
    """
    pooled = (_reach(PoolChannels(group), CHANNELS // group) for group in DIVISORS)
    free = (
        _reach(Maxout(torch.empty(units, setting.pieces, CHANNELS, device="meta")), units)
        for units in range(1, MOST_UNITS + 1)
    )
    return tuple(pooled), tuple(free)


def _reach(layer: nn.Module, maps: int) -> Reach:
    return Reach(maps, cost(layer, (CHANNELS, 1, 1)).parameters)
