"""Pooling and a 1×1 in both orders."""

from __future__ import annotations

from collections import OrderedDict

from torch import Tensor, nn

from viz.layers.branches import AppendDifference, Branches
from viz.layers.pointwise import Pointwise
from viz.lessons.pooling_order.pools import pool
from viz.lessons.pooling_order.setting import Setting
from viz.text import Message

BIAS = 0.5
POOL: Message = "pool"
DIFFERENCE: Message = "difference"
ORDERS = (f"{POOL} → 1×1", f"1×1 → {POOL}", DIFFERENCE)


def orders(pooling: nn.Module, mixing: nn.Module) -> nn.Sequential:
    """The same pool and the same 1×1 in both orders, side by side, and then their difference.

    >>> import torch
    >>> both = orders(nn.MaxPool2d(2), Pointwise(torch.tensor([[1.0, -1.0]])))
    >>> both(torch.tensor([[[0.0, 3.0], [0.0, 0.0]], [[3.0, 0.0], [0.0, 0.0]]])).flatten()
    tensor([ 0.,  3., -3.])
    """
    pool_first = nn.Sequential(OrderedDict(pool=pooling, mix=mixing))
    mix_first = nn.Sequential(OrderedDict(mix=mixing, pool=pooling))
    branches = Branches({"pool_first": pool_first, "mix_first": mix_first})
    return nn.Sequential(OrderedDict(branches=branches, difference=AppendDifference()))


def pool_of(setting: Setting, shape: tuple[int, ...], step: int | None = None) -> nn.Module:
    """The pool of a Setting, for maps of a shape that ends with height and width.

    Args:
        step: another step of the slider from average to max.
    """
    size = setting.pool_size
    padded = setting.padding or min(shape[-2:]) < size
    return pool(
        setting.beta if step is None else step,
        size,
        stride=setting.stride,
        padding=size // 2 if padded else 0,
        counted=setting.counted,
    )


def mixing(matrix: Tensor, setting: Setting) -> Pointwise:
    """The 1×1 of a Setting, with its bias if it has one."""
    return Pointwise(matrix, matrix.new_full(matrix.shape[:1], BIAS) if setting.bias else None)
