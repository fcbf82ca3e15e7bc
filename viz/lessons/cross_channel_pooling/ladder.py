"""From a max without weights to a 1×1: group max, maxout, 1×1, and 1×1 with ReLU."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor, nn

from viz.layers.cross_channel_pooling import PoolChannels
from viz.lessons.agreement import relative_error
from viz.lessons.cross_channel_pooling.fitted_layers import parametric_layer
from viz.lessons.cross_channel_pooling.setting import Setting
from viz.lessons.measured import looking_at
from viz.trace import cost


@dataclass(frozen=True)
class Rung:
    """One method from 50 maps to few.

    Attributes:
        maps: `(N, H, W)`, its output.
        parameters, macs: exact counts of the layers, biases among the parameters.
        residual: `(N, H, W)`, its maps minus the group max; None if their numbers differ, and for
            a random maxout, which approximates nothing.
        error: its size, see `relative_error`; None likewise.
    """

    maps: Tensor
    parameters: int
    macs: int
    residual: Tensor | None
    error: float | None


def ladder(setting: Setting, maps: Tensor, maxout: nn.Module, fitted: nn.Module) -> dict[str, Rung]:
    """The same 50 maps pooled by four methods; the last two and a learned maxout imitate the first.

    A learned maxout of one piece is the 1×1, and with every further piece it can come closer. A
    ReLU helps the 1×1 because the group max is rarely negative.

    Args:
        setting: its group and maxout weights are used; a shuffle is ignored.
        maps: `(50, H, W)`, the maps of the bank, on any device.
        maxout, fitted: two of the layers.

    Returns:
        `max`, `maxout`, `fitted` and `parametric`. The last is a 1×1 with a ReLU after it, one
        layer of what Network in Network calls cascaded cross-channel parametric pooling.
    """
    layers = {
        "max": PoolChannels(setting.group),
        "maxout": maxout,
        "fitted": fitted,
        "parametric": parametric_layer(setting.group, looking_at(maps)),
    }
    idle = "maxout" if setting.maxout_weights == "random" else ""  # it approximates nothing
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
