"""Two 1×1 layers and their product, and the effect of a ReLU between them."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from viz.layers.channel_shuffle import shuffle_channels
from viz.layers.pointwise import mix_channels
from viz.lessons.claim import rounding_bound
from viz.lessons.lesson import Built
from viz.lessons.pointwise.fold import share_folded
from viz.lessons.pointwise.setting import Setting


@dataclass(frozen=True, eq=False)
class Pair:
    """Two successive matrices, with or without a channel shuffle between them.

    Attributes:
        first: `(M, C)`.
        second: `(O, M)`.
        groups: of the shuffle between them; 1 leaves the channels as they are.
    """

    first: Tensor
    second: Tensor
    groups: int = 1

    @property
    def product(self) -> Tensor:
        """The matrix `(O, C)` of both together; a shuffle reorders the rows of `first`."""
        return self.second @ shuffle_channels(self.first[..., None], self.groups)[..., 0]

    @property
    def terms(self) -> int:
        """The number of roundings, C + M: of sums of C and of M products."""
        return self.first.shape[1] + self.first.shape[0]

    def both(self, x: Tensor) -> Tensor:
        """Both layers in turn."""
        return self._after(self.mixed(x))

    def both_with_relu(self, x: Tensor) -> Tensor:
        """Both layers with a ReLU between them."""
        return self._after(self.mixed(x).relu())

    def once(self, x: Tensor) -> Tensor:
        """The product alone."""
        return mix_channels(x, self.product.to(x.device))

    def magnitude(self, x: Tensor) -> Tensor:
        """Σ|w₂|·|w₁|·|x| of every output: |product| would be too small where weights cancel."""
        return Pair(self.first.abs(), self.second.abs(), self.groups).both(x.abs())

    def bound(self, x: Tensor) -> Tensor:
        """The bound of rounding between `both` and `once`, at every output."""
        return rounding_bound(self.magnitude(x), self.terms)

    def mixed(self, x: Tensor) -> Tensor:
        """The first layer alone."""
        return mix_channels(x, self.first.to(x.device))

    def _after(self, mixed: Tensor) -> Tensor:
        return mix_channels(shuffle_channels(mixed, self.groups), self.second.to(mixed.device))


def pair(built: Built[Setting]) -> Pair:
    """The two 1×1 layers of a Setting that has both, and the shuffle between them; on the CPU."""
    # the stages before a recipe that needs maps may have been moved to a device
    first, second = (built.mixing(name).matrix.cpu() for name in ("pointwise", "second"))
    return Pair(first, second, built.setting.groups if built.setting.shuffle else 1)


@dataclass(frozen=True, eq=False)
class Merged:
    """The outputs of two layers, of their product, and of two layers with a ReLU between them.

    Attributes:
        through_both, through_product, with_relu: maps `(O, H, W)`.
        largest_difference, bound: the largest change by the product, and the bound of rounding
            there.
        within: whether all changes by the product are within rounding.
        largest_relu_difference: the largest change by the ReLU.
        folded: the share of pixels at which the ReLU changes a value.
    """

    through_both: Tensor
    through_product: Tensor
    with_relu: Tensor
    largest_difference: float
    bound: float
    within: bool
    largest_relu_difference: float
    folded: float


def merged(layers: Pair, x: Tensor) -> Merged:
    """Both layers on the same maps, one after the other and as their product.

    Args:
        layers: both, on any device.
        x: `(C, H, W)`, the input of the first.

    >>> import torch
    >>> found = merged(Pair(torch.tensor([[1.0, -1.0]]), torch.ones(2, 1)), torch.rand(2, 8, 9))
    >>> found.within, found.largest_relu_difference > 1000 * found.bound
    (True, True)
    """
    both, once, with_relu = layers.both(x), layers.once(x), layers.both_with_relu(x)
    difference, bound = (both - once).abs(), layers.bound(x)
    worst = int(difference.argmax())
    return Merged(
        through_both=both,
        through_product=once,
        with_relu=with_relu,
        largest_difference=float(difference.flatten()[worst]),
        bound=float(bound.flatten()[worst]),
        within=bool((difference <= bound).all()),
        largest_relu_difference=float((with_relu - both).abs().max()),
        folded=share_folded(x, layers.first.to(x.device), layers.mixed(x)),
    )
