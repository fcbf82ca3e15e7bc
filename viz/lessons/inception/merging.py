"""A reduction and the k×k after it, and one k×k in their place: without a ReLU, with it, with a bias."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor, nn

from viz.layers.convolution import Convolution
from viz.layers.merging import merged
from viz.layers.pointwise import Pointwise
from viz.lessons.claim import rounding_bound
from viz.lessons.inception.branch import after_reduction, reduction
from viz.lessons.inception.setting import Setting

BIAS = 0.2  # of every output of the 1×1, where it has one: as large as its maps


@dataclass(frozen=True, eq=False)
class Pair:
    """A 1×1 and the k×k that reads its output."""

    first: Pointwise
    then: Convolution

    @cached_property
    def once(self) -> nn.Conv2d:
        """One k×k in place of both."""
        return merged(self.first, self.then)

    @property
    def terms(self) -> int:
        """The number of roundings: of sums of C products and of M·k² products."""
        return self.first.in_channels + self.then.weight[0].numel()

    @property
    def border_px(self) -> int:
        """The width of the border whose units read padded zeros."""
        return self.then.kernel_size[0] // 2

    def both(self, x: Tensor) -> Tensor:
        """Both layers in turn."""
        maps: Tensor = self.then(self.first(x))
        return maps

    def with_relu(self, x: Tensor) -> Tensor:
        """Both layers with a ReLU between them."""
        maps: Tensor = self.then(self.first(x).relu())
        return maps

    def biased(self) -> Pair:
        """The same pair, with a bias in the 1×1."""
        bias = self.first.weight.new_full((self.first.out_channels,), BIAS)
        return Pair(Pointwise(self.first.rows, bias), self.then)

    def magnitude(self, x: Tensor) -> Tensor:
        """Σ|w₂|·(Σ|w₁|·|x| + |b|) of every output."""
        bias = None if self.first.bias is None else self.first.bias.abs()
        first = Pointwise(self.first.rows.abs(), bias)
        return Pair(first, Convolution(self.then.weight.abs())).both(x.abs())

    def bound(self, x: Tensor) -> Tensor:
        """The bound of rounding between `both` and `once`, at every output."""
        return rounding_bound(self.magnitude(x), self.terms)

    def to(self, device: torch.device) -> Pair:
        """Both layers on a device."""
        return Pair(self.first.to(device), self.then.to(device))


def pair(branch: str, setting: Setting) -> Pair:
    """The layers of the branch `three` or `five`, on the CPU."""
    return Pair(reduction(branch, setting), after_reduction(branch, setting))


@dataclass(frozen=True, eq=False)
class Merged:
    """What both layers give, what one gives, and how they differ.

    Attributes:
        both, once, with_relu: maps `(O, H, W)` without the last ReLU.
        largest, bound: the largest difference of `once`, and what rounding allows there.
        within: whether all its differences are within rounding.
        cut: the share of the numbers between both layers that a ReLU sets to 0.
        changed: what the ReLU changes: ‖with_relu − both‖ / ‖both‖.
    """

    both: Tensor
    once: Tensor
    with_relu: Tensor
    largest: float
    bound: float
    within: bool
    cut: float
    changed: float


def compared(layers: Pair, x: Tensor) -> Merged:
    """Both layers, one in their place, and both with a ReLU between them, on the same maps.

    Args:
        layers: both, on the device of the maps.
        x: `(C, H, W)`, the input of the first.

    >>> layers = pair("three", Setting())
    >>> found = compared(layers, torch.rand(24, 9, 8))
    >>> found.within, found.changed > 0.01
    (True, True)
    """
    both, once, with_relu = layers.both(x), layers.once(x), layers.with_relu(x)
    difference, bound = (both - once).abs(), layers.bound(x)
    worst = int(difference.argmax())
    whole = float(both.norm())
    return Merged(
        *(both, once, with_relu),
        largest=float(difference.flatten()[worst]),
        bound=float(bound.flatten()[worst]),
        within=bool((difference <= bound).all()),
        cut=float((layers.first(x) < 0).float().mean()),
        changed=float((with_relu - both).norm()) / whole if whole else 0.0,
    )


@dataclass(frozen=True, eq=False)
class AtTheBorder:
    """How one k×k differs from both layers if the 1×1 has a bias.

    Attributes:
        difference: the largest of all outputs, |once − both|, `(1, H, W)`.
        inside, outside: the largest size of it away from the border, and in it.
        bound: what rounding allows inside.
        width_px: of the border.
    """

    difference: Tensor
    inside: float
    outside: float
    bound: float
    width_px: int


def at_the_border(layers: Pair, x: Tensor) -> AtTheBorder:
    """Both layers and one in their place, with a bias in the 1×1.

    The k×k reads zeros beyond its maps, not the bias; the one layer adds the bias of all taps.

    >>> found = at_the_border(pair("five", Setting()), torch.rand(24, 12, 9))
    >>> found.inside < found.bound, found.outside > 0.01, found.width_px
    (True, True, 2)
    """
    layers = layers.biased()
    difference = (layers.once(x) - layers.both(x)).abs().amax(0, keepdim=True)
    inside = away_from_border(difference, layers.border_px)
    bound = away_from_border(layers.bound(x), layers.border_px)
    return AtTheBorder(
        difference,
        _largest(inside),
        _largest(difference),
        _largest(bound),
        layers.border_px,
    )


def away_from_border(maps: Tensor, width_px: int) -> Tensor:
    """The units that are so far from all sides; none of a small map."""
    return maps[..., width_px:-width_px, width_px:-width_px]


def _largest(maps: Tensor) -> float:
    return float(maps.abs().max()) if maps.numel() else 0.0
