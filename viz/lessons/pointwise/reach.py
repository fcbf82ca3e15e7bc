"""The channels that two grouped layers reach, with and without a channel shuffle between them."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from viz.lessons.pointwise.merged import Pair


@dataclass(frozen=True, eq=False)
class Reach:
    """Layers as one matrix.

    Attributes:
        matrix: `(O, C)`.
        share: the share of its weights with a path through the layers, even if they cancel.
    """

    matrix: Tensor
    share: float


def reach_of_one(layers: Pair) -> Reach:
    """The first layer alone: zeros outside its blocks."""
    return Reach(layers.first, _share(layers.first))


def reach_of_two(layers: Pair) -> Reach:
    """Both layers as one matrix.

    >>> import torch
    >>> groups_of_two = torch.eye(2).repeat_interleave(2, 0).repeat_interleave(2, 1)
    >>> plain, shuffled = (Pair(groups_of_two, groups_of_two, groups) for groups in (1, 2))
    >>> reach_of_two(plain).share, reach_of_two(shuffled).share
    (0.5, 1.0)
    """
    paths = Pair(layers.first.abs(), layers.second.abs(), layers.groups)
    return Reach(layers.product, _share(paths.product))


def _share(matrix: Tensor) -> float:
    return float((matrix != 0).float().mean())
