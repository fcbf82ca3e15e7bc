"""From the max without weights to the 1×1 with them: group max, maxout, 1×1, 1×1 and ReLU."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor, nn

from viz.layers.cross_channel_pooling import PoolChannels
from viz.lessons.cross_channel_pooling.agreement import relative_error
from viz.lessons.cross_channel_pooling.fitted_layers import looking_at, parametric_layer
from viz.lessons.cross_channel_pooling.setting import Setting
from viz.trace import cost


@dataclass(frozen=True)
class Rung:
    """One way from 50 maps to few.

    Attributes:
        maps: `(N, H, W)`, what it makes.
        parameters, macs: exact counts of the layers, biases among the parameters.
        residual: `(N, H, W)`, its maps less the group max; None where their numbers differ, and of
            a random maxout, which imitates nothing.
        error: how large that is, see `relative_error`; None likewise.
    """

    maps: Tensor
    parameters: int
    macs: int
    residual: Tensor | None
    error: float | None


def ladder(setting: Setting, maps: Tensor, maxout: nn.Module, fitted: nn.Module) -> dict[str, Rung]:
    """The same 50 maps pooled in four ways; the last two and a learned maxout imitate the first.

    Nothing is as near as the group max itself; a learned maxout of one piece is the 1×1, and with
    every further piece it can come nearer. A ReLU helps the 1×1 as far as the group max is hardly
    ever negative.

    Args:
        setting: its group and maxout weights count; a shuffle does not.
        maps: `(50, H, W)`, the maps of the bank, on any device.
        maxout, fitted: two of the layers.

    Returns:
        `max`, `maxout`, `fitted` and `parametric`; that is a 1×1 with a ReLU after it, one layer of
        what Network in Network calls cascaded cross-channel parametric pooling.
    """
    layers = {
        "max": PoolChannels(setting.group),
        "maxout": maxout,
        "fitted": fitted,
        "parametric": parametric_layer(setting.group, looking_at(maps)),
    }
    idle = "maxout" if setting.maxout_weights == "random" else ""  # it imitates nothing
    wanted = layers["max"](maps)
    return {
        name: _rung(layer.to(maps.device), maps, None if name == idle else wanted)
        for name, layer in layers.items()
    }


def _rung(layer: nn.Module, maps: Tensor, wanted: Tensor | None) -> Rung:
    made = layer(maps)
    counts = cost(layer, tuple(maps.shape))
    if wanted is None or made.shape != wanted.shape:
        return Rung(made, counts.parameters, counts.macs, None, None)
    error = relative_error(made, wanted)
    return Rung(made, counts.parameters, counts.macs, made - wanted, error)
