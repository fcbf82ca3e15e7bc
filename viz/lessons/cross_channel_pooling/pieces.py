"""One maxout unit as a function of one channel: convex and piecewise linear."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

MAX_REACH = 8.0  # standard deviations of a channel; a bend further away is not shown


@dataclass(frozen=True)
class Piecewise:
    """A maxout unit as a function of one channel, with the other channels fixed.

    Attributes:
        channel: the channel that varies.
        now: its value at the pixel.
        x: `(points,)`, values of that channel, including `now`.
        pieces: `(pieces, points)`, the affine pieces.
        largest: `(points,)`, the unit: the largest piece at each x. It is convex.
    """

    channel: int
    now: float
    x: Tensor
    pieces: Tensor
    largest: Tensor


def piecewise(
    weight: Tensor,
    bias: Tensor,
    values: Tensor,
    channel: int,
    *,
    points: int = 101,
    reach: float = 0.0,
) -> Piecewise:
    """The affine pieces of a maxout unit along one channel, and their maximum.

    piece k(x) = bias[k] + sum over c ≠ channel of weight[k, c]·values[c] + weight[k, channel]·x

    Args:
        weight: `(pieces, C)`, those of one unit.
        bias: `(pieces,)`.
        values: `(C,)`, the values at one pixel.
        channel: the one that varies, from −3 to 3 and at least to 1 beyond its value.
        points: the number of values that it takes.
        reach: the distance beyond its value that it varies at least, on either side.

    Raises:
        ValueError: if there is no such channel.

    >>> unit = piecewise(torch.tensor([[1.0], [-1.0]]), torch.zeros(2), torch.tensor([2.0]), 0)
    >>> bool((unit.largest == unit.x.abs()).all())
    True
    """
    if not 0 <= channel < len(values):
        raise ValueError(f"there is no channel {channel}, only {len(values)}")
    now = float(values[channel])
    reach = max(1.0, reach)
    low, high = min(-3.0, now - reach), max(3.0, now + reach)
    x = torch.linspace(low, high, points, device=values.device, dtype=values.dtype)
    x = torch.cat([x, values[channel : channel + 1]]).sort().values
    slopes = weight[:, channel]
    held = bias + weight @ values - slopes * values[channel]
    pieces = held[:, None] + slopes[:, None] * x
    return Piecewise(channel, now, x, pieces, pieces.amax(0))


def around_the_bend(weight: Tensor, bias: Tensor, values: Tensor) -> Piecewise:
    """A maxout unit along the channel that needs the smallest change until another piece wins.

    Args:
        weight, bias, values: as for `piecewise`.

    >>> around_the_bend(torch.tensor([[2.0, 0.0], [0.0, 1.0]]), torch.zeros(2), torch.ones(2)).channel
    0
    """
    channel, away = nearest_bend(weight, bias, values)
    return piecewise(weight, bias, values, channel, reach=1.5 * min(away, MAX_REACH))


def nearest_bend(weight: Tensor, bias: Tensor, values: Tensor) -> tuple[int, float]:
    """The channel that needs the smallest change until another piece wins, and that change.

    If no other piece can overtake the winner: the channel with its largest weight, and 0.

    >>> nearest_bend(torch.tensor([[1.0, 4.0], [1.0, 0.0]]), torch.zeros(2), torch.tensor([0.0, 1.0]))
    (1, 1.0)
    """
    heights = weight @ values + bias
    winner = int(heights.argmax())
    steeper = weight - weight[winner]
    away = (heights[winner] - heights)[:, None] / steeper.abs()
    away[steeper == 0] = torch.inf
    away[winner] = torch.inf
    nearest = int(away.argmin())
    found = float(away.flatten()[nearest])
    if not math.isfinite(found):
        return int(weight[winner].abs().argmax()), 0.0
    return nearest % weight.shape[1], found
