"""What one maxout unit makes of one channel: a convex function of straight pieces."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from viz.experiments.cross_channel_pooling.network import arriving, maxout_layer
from viz.experiments.cross_channel_pooling.setting import Setting


@dataclass(frozen=True)
class Piecewise:
    """A maxout unit as a function of one channel, the other channels held.

    Attributes:
        channel: the one that moves.
        now: its value at the pixel.
        x: `(points,)`, values of that channel, of `now` among them.
        pieces: `(pieces, points)`, the affine pieces.
        largest: `(points,)`, the unit: the largest piece at each x. It is convex.
    """

    channel: int
    now: float
    x: Tensor
    pieces: Tensor
    largest: Tensor


def piecewise(
    weight: Tensor, bias: Tensor, values: Tensor, channel: int, *, points: int = 101
) -> Piecewise:
    """The affine pieces of a maxout unit along one channel, and their upper edge.

    piece k(x) = bias[k] + sum over c ≠ channel of weight[k, c]·values[c] + weight[k, channel]·x

    Args:
        weight: `(pieces, C)`, those of one unit.
        bias: `(pieces,)`.
        values: `(C,)`, the numbers at one pixel.
        channel: which of them moves, from −3 to 3 and at least to 1 beyond its value.
        points: how many values it takes.

    Raises:
        ValueError: if there is no such channel.

    >>> unit = piecewise(torch.tensor([[1.0], [-1.0]]), torch.zeros(2), torch.tensor([2.0]), 0)
    >>> bool((unit.largest == unit.x.abs()).all())
    True
    """
    if not 0 <= channel < len(values):
        raise ValueError(f"there is no channel {channel}, only {len(values)}")
    now = float(values[channel])
    low, high = min(-3.0, now - 1), max(3.0, now + 1)
    x = torch.linspace(low, high, points, device=values.device, dtype=values.dtype)
    x = torch.cat([x, values[channel : channel + 1]]).sort().values
    slopes = weight[:, channel]
    held = bias + weight @ values - slopes * values[channel]
    pieces = held[:, None] + slopes[:, None] * x
    return Piecewise(channel, now, x, pieces, pieces.amax(0))


def piecewise_at(
    setting: Setting, maps: Tensor, row: int, column: int, unit: int, channel: int | None = None
) -> Piecewise:
    """The function that one unit of the Setting's maxout makes at one pixel.

    Args:
        setting: its units, pieces, weights and shuffle count.
        maps: `(50, H, W)`, the maps of the bank.
        row, column: a pixel of them.
        unit: which unit; above the last one, the last.
        channel: which channel moves; None for the one that weighs most in the piece that wins.
    """
    layer = maxout_layer(setting).to(maps.device)
    unit = min(unit, layer.units - 1)
    values = arriving(setting, maps[:, row : row + 1, column : column + 1]).flatten()
    weight, bias = layer.weight[unit], layer.bias[unit]
    if channel is None:
        channel = int(weight[int((weight @ values + bias).argmax())].abs().argmax())
    return piecewise(weight, bias, values, channel)
