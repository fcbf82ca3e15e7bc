"""How far the two orders drift apart from average to max."""

from __future__ import annotations

from collections.abc import Generator
from typing import NamedTuple

import torch
from torch import Tensor, nn

from viz.lessons.measured import Measured, Measuring
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
def drift(
    measured: Measuring, matrix: Tensor, setting: Setting, shape: tuple[int, ...]
) -> Generator[None, None, Drift]:
    """How far the two orders are apart for every step of the slider; it pauses after each.

    Args:
        measured: applies both orders to the maps that reach the pool; it may keep the numbers.
        matrix: `(O, C)`, on the device of the maps.
        setting: pool size, stride, padding, bias; its own β does not count.
        shape: of the maps or of the picture; it ends with height and width.

    >>> from viz.lessons.lesson import finished
    >>> from viz.lessons.measured import looking_at
    >>> apart = torch.tensor([[[0.0, 1.0, 0.0]], [[1.0, 0.0, 0.0]]])
    >>> rows = torch.tensor([[1.0, -1.0]])
    >>> found = finished(drift(looking_at(apart), rows, Setting(), (2, 1, 3)))
    >>> found.largest[0], found.largest[-1]
    (0.0, 1.0)
    """
    mix, found = mixing(matrix, setting), list[Tensor]()
    for step in range(len(BETAS)):
        both = orders(pool_of(setting, shape, step), mix)
        found.append(measured(nn.Sequential(both, Measured(extent, rows=len(matrix)))))
        yield
    largest, mean = torch.stack(found, dim=1).tolist()
    return Drift(largest, mean)


def extent(both: Tensor, rows: int) -> Tensor:
    """The largest difference and the mean one, without signs, of maps as `orders` gives them.

    Args:
        both: `(3 · rows, H, W)`.
        rows: of the 1×1.

    >>> extent(torch.tensor([5.0, 7.0, -2.0]).view(3, 1, 1), rows=1)
    tensor([2., 2.])
    """
    apart = both[2 * rows :].abs()
    return torch.stack([apart.max(), apart.mean()])
