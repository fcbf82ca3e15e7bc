"""How far the two orders drift apart from average to max."""

from __future__ import annotations

from collections.abc import Generator
from typing import NamedTuple

import torch
from torch import Tensor

from viz.lessons.pooling_order.orders import mixing, orders, pool_of
from viz.lessons.pooling_order.pools import BETAS
from viz.lessons.pooling_order.setting import Setting


class Drift(NamedTuple):
    """The differences between the two orders, one for each step of the slider.

    Attributes:
        largest: of all outputs and pixels the largest one, whatever its sign.
        mean: their mean, without their signs.
    """

    largest: list[float]
    mean: list[float]


@torch.no_grad()
def drift(maps: Tensor, matrix: Tensor, setting: Setting) -> Generator[None, None, Drift]:
    """How far the two orders are apart for every step of the slider; it pauses after each.

    Args:
        maps: `(C, H, W)`, what reaches the pool.
        matrix: `(O, C)`, on the same device.
        setting: pool size, stride, padding, bias; its own β does not count.

    >>> from viz.lessons.lesson import finished
    >>> apart = torch.tensor([[[0.0, 1.0, 0.0]], [[1.0, 0.0, 0.0]]])
    >>> found = finished(drift(apart, torch.tensor([[1.0, -1.0]]), Setting()))
    >>> found.largest[0], found.largest[-1]
    (0.0, 1.0)
    """
    mix, shape = mixing(matrix, setting), tuple(maps.shape)
    largest, mean = list[Tensor](), list[Tensor]()
    for step in range(len(BETAS)):
        both = orders(pool_of(setting, shape, step), mix)(maps)
        apart = both[2 * len(matrix) :].abs()
        largest.append(apart.max())
        mean.append(apart.mean())
        yield
    return Drift(torch.stack(largest).tolist(), torch.stack(mean).tolist())
