"""The pool branch of an Inception module: a 3×3 max that keeps the size, then a 1×1."""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor, nn

from viz.layers.max_pooling import MaxPool
from viz.layers.pointwise import Pointwise
from viz.trace import LayerRow, layer_rows


class PoolBranch(NamedTuple):
    """The maps of the branch and its exact costs.

    Attributes:
        before, pooled: `(C, H, W)`.
        after: `(O, H, W)`.
        pool, mix: the rows of both layers.
        swapped: the largest difference to the 1×1 before the pool.
    """

    before: Tensor
    pooled: Tensor
    after: Tensor
    pool: LayerRow
    mix: LayerRow
    swapped: float


def pool_branch(maps: Tensor, matrix: Tensor) -> PoolBranch:
    """The branch on maps, with a given 1×1.

    Source: C. Szegedy et al. 2014, "Going deeper with convolutions", figure 2b.

    Args:
        maps: `(C, H, W)`.
        matrix: `(O, C)`, on the same device.

    >>> import torch
    >>> found = pool_branch(torch.rand(8, 6, 7), torch.rand(2, 8))
    >>> found.pooled.shape, found.after.shape, found.mix.macs
    (torch.Size([8, 6, 7]), torch.Size([2, 6, 7]), 672)
    """
    pool, mix = MaxPool(3, stride=1, padding=1), Pointwise(matrix)
    pooled = pool(maps)
    after = mix(pooled)
    pool_row, mix_row = layer_rows(nn.Sequential(pool, mix), tuple(maps.shape))
    swapped = float((after - pool(mix(maps))).abs().max())
    return PoolBranch(maps, pooled, after, pool_row, mix_row, swapped)
