"""The cases in which a pool commutes with a layer after it, and those in which it does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from viz.layers.pointwise import mix_channels
from viz.lessons.claim import rounding_bound
from viz.lessons.pooling_order.claims import single_inputs
from viz.lessons.pooling_order.orders import BIAS
from viz.lessons.pooling_order.pools import AVERAGE, MAX, pool
from viz.lessons.pooling_order.setting import Setting

Layer = Callable[[Tensor], Tensor]


@dataclass(frozen=True)
class Case:
    """Two orders of a pool and a layer on the same maps.

    Attributes:
        name: a key of `CASES`.
        first: `(1, h, w)`, the pool first.
        second: `(1, h, w)`, the layer first.
        bound: `(1, h, w)`, the largest difference that rounding may cause.
    """

    name: str
    first: Tensor
    second: Tensor
    bound: Tensor

    @property
    def difference(self) -> Tensor:
        """First minus second."""
        return self.first - self.second

    @property
    def largest(self) -> float:
        """The largest difference, whatever its sign."""
        return float(self.difference.abs().max())

    @property
    def agrees(self) -> bool:
        """Whether both orders give the same, up to rounding."""
        return bool((self.difference.abs() <= self.bound).all())

    @property
    def is_ordered(self) -> bool:
        """Whether the first is nowhere below the second, up to rounding."""
        return bool((self.difference >= -self.bound).all())


# name -> whether the pool is a max, whether it counts zeros, whether the layer has a bias
CASES = {
    "average": (AVERAGE, True, False),
    "counted": (AVERAGE, True, True),
    "left_out": (AVERAGE, False, True),
    "single": (MAX, False, False),
    "relu": (MAX, False, False),
    "nonnegative": (MAX, False, False),
}


def cases(maps: Tensor, row: Tensor, setting: Setting) -> tuple[Case, ...]:
    """All cases for the same maps, with a pool that is padded.

    Args:
        maps: `(C, H, W)`, what reaches the pool.
        row: `(1, C)`, weights of any sign, on the same device.
        setting: pool size and stride.

    Returns:
        In the order of `CASES`.

    >>> found = cases(torch.rand(3, 9, 9), torch.tensor([[1.0, -1.0, 0.0]]), Setting())
    >>> [case.name for case in found if not case.agrees]
    ['counted', 'nonnegative']
    """
    weights = {"single": single_inputs(row), "nonnegative": row.abs()}
    with torch.no_grad():
        return tuple(_case(name, maps, weights.get(name, row), setting) for name in CASES)


def _case(name: str, maps: Tensor, weight: Tensor, setting: Setting) -> Case:
    step, counted, biased = CASES[name]
    size = setting.pool_size
    pooled = pool(step, size, stride=setting.stride, padding=size // 2, counted=counted)
    bias = weight.new_full((1,), BIAS * biased)
    strength = mix_channels(pooled(maps.abs()), weight.abs(), bias)

    def mixed(x: Tensor) -> Tensor:
        return mix_channels(x, weight, bias)

    if name == "relu":  # the layer after the pool is the ReLU, on mixed maps
        mix = mixed(maps)
        return Case(name, pooled(mix).relu(), pooled(mix.relu()), torch.zeros_like(strength))
    terms = weight.shape[1] + (size**2 if step == AVERAGE else 0)
    exact = name == "single"  # one product, and rounding keeps the order of numbers
    bound = rounding_bound(strength, terms) * (not exact)
    return Case(name, mixed(pooled(maps)), pooled(mixed(maps)), bound)
