"""The numbers of maps that 50 can be pooled to, and their parameters."""

from __future__ import annotations

import torch

from viz.layers.cross_channel_pooling import Maxout, PoolChannels
from viz.lessons.bank_of_50 import CHANNELS
from viz.lessons.cross_channel_pooling.setting import DIVISORS, MAX_UNITS
from viz.trace import cost


def pooling_parameters() -> dict[int, int]:
    """The parameters of a group max over 50 maps, by its number of maps.

    >>> pooling_parameters()
    {50: 0, 25: 0, 10: 0, 5: 0, 2: 0, 1: 0}
    """
    shape = (CHANNELS, 1, 1)
    return {CHANNELS // n: cost(PoolChannels(n), shape).parameters for n in DIVISORS}


def maxout_parameters(pieces: int) -> dict[int, int]:
    """The parameters of maxout, which gives any number of maps, here up to 64.

    >>> maxout_parameters(pieces=2)[64]
    6528
    """
    layers = {
        units: Maxout(torch.empty(units, pieces, CHANNELS, device="meta"))
        for units in range(1, MAX_UNITS + 1)
    }
    return {n: cost(layer, (CHANNELS, 1, 1)).parameters for n, layer in layers.items()}
