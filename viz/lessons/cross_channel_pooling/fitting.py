"""A 1×1 that imitates the group max as well as any 1×1 can."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from viz.layers.channel_shuffle import permute_channels
from viz.layers.cross_channel_pooling import pool_channels
from viz.layers.pointwise import Pointwise
from viz.lessons.cross_channel_pooling.agreement import relative_error
from viz.lessons.cross_channel_pooling.network import (
    fitted_layer,
    looking_at,
    shuffle_order,
)


@dataclass(frozen=True)
class Fit:
    """A 1×1 fitted by least squares to the group max.

    Attributes:
        layer: the 1×1, on the device of the maps.
        maps: `(50 / group, H, W)`, what it makes of them.
        residual: `(50 / group, H, W)`, these less the group max.
        error: the residual's size relative to what varies in the group max, over all pixels.
    """

    layer: Pointwise
    maps: Tensor
    residual: Tensor
    error: float


def fit(maps: Tensor, group: int, seed: int = -1) -> Fit:
    """Fits a 1×1 with bias, from all channels, to the max over groups of them.

    Args:
        maps: `(C, H, W)`, on any device; at most 10,000 of the pixels are looked at, in double
            precision on the CPU.
        group: a divisor of C.
        seed: of the shuffle that these maps went through, −1 for none; what is imitated is the
            group max before the shuffle.
    """
    layer = fitted_layer(group, looking_at(maps), seed).to(maps.device)
    order = torch.arange(len(maps)) if seed < 0 else torch.tensor(shuffle_order(seed))
    wanted = pool_channels(permute_channels(maps, order.argsort().tolist()), group)
    made = layer(maps)
    return Fit(layer, made, made - wanted, relative_error(made, wanted))
