"""From the max without weights to the 1×1 with them: group max, maxout, 1×1, 1×1 and ReLU."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor, nn

from viz.experiments.cross_channel_pooling.agreement import relative_error
from viz.experiments.cross_channel_pooling.fitting import fitted_layer
from viz.experiments.cross_channel_pooling.network import maxout_layer
from viz.experiments.cross_channel_pooling.setting import Setting
from viz.layers.cross_channel_pooling import PoolChannels
from viz.trace import cost


@dataclass(frozen=True)
class Rung:
    """One way from 50 maps to few.

    Attributes:
        name: `max`, `maxout`, `fitted` or `parametric`.
        maps: `(N, H, W)`, what it makes.
        parameters, macs: exact counts of the layers, biases among the parameters.
        residual: `(N, H, W)`, its maps less the group max; None where their numbers differ.
        error: how large that is, see `relative_error`; None likewise.
    """

    name: str
    maps: Tensor
    parameters: int
    macs: int
    residual: Tensor | None
    error: float | None


def ladder(setting: Setting, maps: Tensor) -> tuple[Rung, ...]:
    """The same 50 maps pooled in four ways, each with more freedom than the one before.

    Args:
        setting: its group, units, pieces and maxout weights count; a shuffle does not.
        maps: `(50, H, W)`, the maps of the bank, on any device.

    >>> import torch
    >>> [(rung.name, rung.parameters) for rung in ladder(Setting(), torch.rand(50, 12, 12))]
    [('max', 0), ('maxout', 510), ('fitted', 255), ('parametric', 255)]
    """
    fitted = fitted_layer(maps, setting.group)
    layers: dict[str, nn.Module] = {
        "max": PoolChannels(setting.group),
        "maxout": maxout_layer(setting).to(maps.device),
        "fitted": fitted,
        "parametric": nn.Sequential(fitted, nn.ReLU()),
    }
    wanted = layers["max"](maps)
    return tuple(_rung(name, layer, maps, wanted) for name, layer in layers.items())


def _rung(name: str, layer: nn.Module, maps: Tensor, wanted: Tensor) -> Rung:
    made = layer(maps)
    counts = cost(layer, tuple(maps.shape))
    if made.shape != wanted.shape:
        return Rung(name, made, counts.parameters, counts.macs, None, None)
    error = relative_error(made, wanted)
    return Rung(name, made, counts.parameters, counts.macs, made - wanted, error)
