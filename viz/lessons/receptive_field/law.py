"""The gradient of a unit after n uniform linear 3×3 layers, against the law of its spread."""

from __future__ import annotations

from functools import lru_cache
from math import exp, pi, sqrt
from typing import NamedTuple

import torch
from torch import Tensor, nn

from viz.lessons.effective_field import side_holding

VARIANCE = 2 / 3  # of one of the positions −1, 0 and 1, equally likely


class Spread(NamedTuple):
    """What n layers do.

    Attributes:
        depth: n.
        gradient: `(2n + 1, 2n + 1)` double, the gradient of the unit in the middle; it sums to 1.
        side: of the square that holds 95 % of the squared gradient.
    """

    depth: int
    gradient: Tensor
    side: int

    @property
    def box(self) -> int:
        """Side of the receptive field."""
        return len(self.gradient)

    @property
    def along(self) -> Tensor:
        """The gradient along an axis: summed over the other one."""
        return self.gradient.sum(0)

    @property
    def deviation(self) -> float:
        """Standard deviation of the gradient along an axis, in pixels, as measured."""
        places = torch.arange(self.box, dtype=torch.float64) - self.depth
        return sqrt(float((self.along * places.square()).sum()))


def law(depth: int) -> float:
    """The standard deviation that n layers must have: √(2n/3).

    A layer is one step of −1, 0 or 1 with equal probability; variances of independent steps add up.

    Source: Luo, Li, Urtasun, Zemel 2016, "Understanding the effective receptive field in deep
    convolutional neural networks", section 3.1, for kernels of 3.

    >>> law(6)
    2.0
    """
    return sqrt(VARIANCE * depth)


def bell(depth: int) -> list[float]:
    """The normal density of the law's deviation at every pixel of the box.

    >>> [round(each, 2) for each in bell(1)]
    [0.23, 0.49, 0.23]
    """
    deviation = law(depth)
    top = 1 / (deviation * sqrt(2 * pi))
    return [top * exp(-((x / deviation) ** 2) / 2) for x in range(-depth, depth + 1)]


@lru_cache(maxsize=64)
@torch.inference_mode(False)
@torch.enable_grad()
def spread(depth: int) -> Spread:
    """The gradient of one unit through n linear 3×3 layers whose nine weights are 1/9, by autograd.

    >>> spread(1).gradient.mul(9).round(decimals=3)
    tensor([[1., 1., 1.],
            [1., 1., 1.],
            [1., 1., 1.]], dtype=torch.float64)
    """
    layer = nn.Conv2d(1, 1, 3, bias=False, dtype=torch.float64)
    layer.weight = nn.Parameter(torch.full_like(layer.weight, 1 / 9), requires_grad=False)
    side = 2 * depth + 1
    x = torch.zeros(1, side, side, dtype=torch.float64, requires_grad=True)
    maps = x
    for _ in range(depth):
        maps = layer(maps)
    maps.sum().backward()
    assert x.grad is not None
    return Spread(depth, x.grad[0], side_holding(x.grad[0].square()))
