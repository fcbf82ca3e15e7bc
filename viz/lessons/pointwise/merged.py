"""Two 1×1 layers and the one they are: both matrices, their product, and what a ReLU changes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from torch import Tensor, nn

from viz.layers.channel_shuffle import ShuffleChannels, shuffle_channels
from viz.layers.pointwise import mix_channels, mixing_layer
from viz.lessons.chain import Through, apply, reaching
from viz.lessons.claim import rounding_bound
from viz.lessons.pointwise.network import network
from viz.lessons.pointwise.setting import Setting
from viz.lessons.pointwise.ways import share_of_negative
from viz.lessons.ways import magnitude


@dataclass(frozen=True, eq=False)
class Pair:
    """Two matrices that follow each other, with a channel shuffle in between or none.

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
        """The one matrix `(O, C)` that both are; a shuffle between them reorders the first's rows."""
        return self.second @ shuffle_channels(self.first[..., None], self.groups)[..., 0]

    @property
    def terms(self) -> int:
        """Sums of C and of M products follow each other, or go into the product: C + M roundings."""
        return self.first.shape[1] + self.first.shape[0]

    def both(self, x: Tensor) -> Tensor:
        """One layer after the other."""
        return self._behind(mix_channels(x, self.first.to(x.device)))

    def both_with_relu(self, x: Tensor) -> Tensor:
        """One layer after the other, a ReLU between them."""
        return self._behind(mix_channels(x, self.first.to(x.device)).relu())

    def once(self, x: Tensor) -> Tensor:
        """The product alone."""
        return mix_channels(x, self.product.to(x.device))

    def magnitude(self, x: Tensor) -> Tensor:
        """Σ|w₂|·|w₁|·|x| of every output: |product| would be too small where weights cancel."""
        return Pair(self.first.abs(), self.second.abs(), self.groups).both(x.abs())

    def bound(self, x: Tensor) -> Tensor:
        """How far apart rounding may set `both` and `once`, at every output."""
        return rounding_bound(self.magnitude(x), self.terms)

    def _behind(self, mixed: Tensor) -> Tensor:
        return mix_channels(shuffle_channels(mixed, self.groups), self.second.to(mixed.device))


@dataclass(frozen=True, eq=False)
class Merged:
    """What two layers, the one they are, and two with a ReLU between them make of a picture.

    Attributes:
        first, second, product: the matrices `(M, C)`, `(O, M)`, `(O, C)`, dense.
        through_both, through_product, with_relu: maps `(O, H, W)`.
        difference, relu_difference: what the product, and what the ReLU changes: `(O, H, W)`.
        largest_difference, bound: the largest of `difference`, and what rounding allows there.
        within: whether rounding allows every one of them.
        largest_relu_difference: the largest of `relu_difference`.
        folded: the share of pixels at which the ReLU cuts something off.
    """

    first: Tensor
    second: Tensor
    product: Tensor
    through_both: Tensor
    through_product: Tensor
    with_relu: Tensor
    difference: Tensor
    relu_difference: Tensor
    largest_difference: float
    bound: float
    within: bool
    largest_relu_difference: float
    folded: float


def merged(setting: Setting, pixels: Tensor, through: Through = apply) -> Merged:
    """Both 1×1 layers on this picture, once apart and once as their product.

    The second layer's weights are used whether it is switched on or not, and the ReLU between
    them is left out or put in for the comparison, whatever its switch says.

    >>> import torch
    >>> found = merged(Setting(pointwise_recipe="opponent"), torch.rand(3, 8, 9))
    >>> found.within, found.largest_relu_difference > 1000 * found.bound
    (True, True)
    """
    chain = network(replace(setting, second=True), pixels, through)
    layers = pair(chain)
    x = reaching("pointwise", chain, pixels, through)
    both, once, with_relu = layers.both(x), layers.once(x), layers.both_with_relu(x)
    difference, relu_difference, bound = both - once, with_relu - both, layers.bound(x)
    worst = int(difference.abs().argmax())
    mixed = mix_channels(x, layers.first.to(x.device))
    return Merged(
        first=layers.first,
        second=layers.second,
        product=layers.product,
        through_both=both,
        through_product=once,
        with_relu=with_relu,
        difference=difference,
        relu_difference=relu_difference,
        largest_difference=float(difference.flatten()[worst].abs()),
        bound=float(bound.flatten()[worst]),
        within=bool((difference.abs() <= bound).all()),
        largest_relu_difference=float(relu_difference.abs().max()),
        folded=share_of_negative(mixed, magnitude(layers.first)(x), len(x)),
    )


def pair(chain: nn.Sequential) -> Pair:
    """The two 1×1 layers of a chain that has both, and the shuffle between them."""
    stages = dict(chain.named_children())
    shuffle = stages.get("shuffle")
    groups = shuffle.groups if isinstance(shuffle, ShuffleChannels) else 1
    # the stages before a recipe that looks at maps may have gone to a device to make them
    first, second = (mixing_layer(stages[name]).matrix.cpu() for name in ("pointwise", "second"))
    return Pair(first, second, groups)
