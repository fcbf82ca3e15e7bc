"""Which channels two grouped layers reach, with a channel shuffle between them and without."""

from __future__ import annotations

from dataclasses import dataclass, replace

from torch import Tensor

from viz.lessons.chain import Through, apply
from viz.lessons.pointwise.merged import Pair, pair
from viz.lessons.pointwise.network import network
from viz.lessons.pointwise.setting import Setting


@dataclass(frozen=True, eq=False)
class Reach:
    """What one grouped layer amounts to, and two of them.

    Attributes:
        one: the first layer's matrix `(M, C)`, zeros outside its blocks.
        two, shuffled: the product `(O, C)` of both layers, and that with a shuffle between them.
        share_of_one, share_of_two, share_of_shuffled: the share of weights that a signal takes.
    """

    one: Tensor
    two: Tensor
    shuffled: Tensor
    share_of_one: float
    share_of_two: float
    share_of_shuffled: float


def reach(setting: Setting, pixels: Tensor, through: Through = apply) -> Reach:
    """Both 1×1 layers as one matrix each way; the second is used whether it is switched on or not.

    >>> import torch
    >>> setting = Setting(bank="gabor", pointwise_recipe="random", groups=4)
    >>> found = reach(setting, torch.rand(3, 30, 30))
    >>> found.share_of_one, found.share_of_two, found.share_of_shuffled
    (0.25, 0.25, 1.0)
    """
    plain = pair(network(replace(setting, second=True, shuffle=False), pixels, through))
    shuffled = pair(network(replace(setting, second=True, shuffle=True), pixels, through))
    return Reach(
        one=plain.first,
        two=plain.product,
        shuffled=shuffled.product,
        share_of_one=_share(plain.first),
        share_of_two=_share(_ways(plain)),
        share_of_shuffled=_share(_ways(shuffled)),
    )


def _ways(layers: Pair) -> Tensor:
    """How much there is between an input and an output, whatever cancels on the way."""
    return Pair(layers.first.abs(), layers.second.abs(), layers.groups).product


def _share(matrix: Tensor) -> float:
    return float((matrix != 0).float().mean())
