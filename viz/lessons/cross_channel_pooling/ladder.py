"""From the max without weights to the 1×1 with them: group max, maxout, 1×1, 1×1 and ReLU."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor, nn

from viz.layers.cross_channel_pooling import PoolChannels
from viz.lessons.cross_channel_pooling.agreement import relative_error
from viz.lessons.cross_channel_pooling.network import (
    fitted_layer,
    looking_at,
    maxout_layer,
    parametric_layer,
)
from viz.lessons.cross_channel_pooling.setting import Setting
from viz.trace import cost


@dataclass(frozen=True)
class Rung:
    """One way from 50 maps to few.

    Attributes:
        name: `max`, `maxout`, `fitted` or `parametric`; that is a 1×1 with a ReLU behind it, one
            layer of what Network in Network calls cascaded cross-channel parametric pooling.
        maps: `(N, H, W)`, what it makes.
        parameters, macs: exact counts of the layers, biases among the parameters.
        residual: `(N, H, W)`, its maps less the group max; None where their numbers differ, and of
            a random maxout, which imitates nothing.
        error: how large that is, see `relative_error`; None likewise.
    """

    name: str
    maps: Tensor
    parameters: int
    macs: int
    residual: Tensor | None
    error: float | None


def ladder(setting: Setting, maps: Tensor) -> tuple[Rung, ...]:
    """The same 50 maps pooled in four ways; the last two and a learned maxout imitate the first.

    Nothing is as near as the group max itself; a learned maxout of one piece is the 1×1, and with
    every further piece it can come nearer. A ReLU helps the 1×1 as far as the group max is hardly
    ever negative.

    Args:
        setting: its group, units, pieces and maxout weights count; a shuffle does not.
        maps: `(50, H, W)`, the maps of the bank, on any device.

    >>> import torch
    >>> [(rung.name, rung.parameters) for rung in ladder(Setting(), torch.rand(50, 12, 12))]
    [('max', 0), ('maxout', 510), ('fitted', 255), ('parametric', 255)]
    """
    measured = looking_at(maps)
    layers: dict[str, nn.Module] = {
        "max": PoolChannels(setting.group),
        "maxout": maxout_layer(setting, measured),
        "fitted": fitted_layer(setting.group, measured),
        "parametric": parametric_layer(setting.group, measured),
    }
    wanted = layers["max"](maps)
    idle = "maxout" if setting.maxout_weights == "random" else ""  # it imitates nothing
    return tuple(
        _rung(name, layer.to(maps.device), maps, None if name == idle else wanted)
        for name, layer in layers.items()
    )


def _rung(name: str, layer: nn.Module, maps: Tensor, wanted: Tensor | None) -> Rung:
    made = layer(maps)
    counts = cost(layer, tuple(maps.shape))
    if wanted is None or made.shape != wanted.shape:
        return Rung(name, made, counts.parameters, counts.macs, None, None)
    error = relative_error(made, wanted)
    return Rung(name, made, counts.parameters, counts.macs, made - wanted, error)
