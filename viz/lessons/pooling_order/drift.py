"""How far the two orders drift apart from average to max."""

from __future__ import annotations

import torch
from torch import Tensor

from viz.lessons.pooling_order.orders import mixing, orders, pool_of
from viz.lessons.pooling_order.pools import BETAS
from viz.lessons.pooling_order.setting import Setting


def largest_differences(maps: Tensor, matrix: Tensor, setting: Setting) -> Tensor:
    """The largest difference between the two orders, for every step of the slider.

    Args:
        maps: `(C, H, W)`, what reaches the pool.
        matrix: `(O, C)`, on the same device.
        setting: pool size, stride, padding, bias; its own β does not count.

    Returns:
        `(15,)`, one for each of `BETAS`; of all outputs and pixels the largest absolute difference.

    >>> apart = torch.tensor([[[0.0, 1.0, 0.0]], [[1.0, 0.0, 0.0]]])
    >>> found = largest_differences(apart, torch.tensor([[1.0, -1.0]]), Setting())
    >>> found[0].item(), found[-1].item()
    (0.0, 1.0)
    """
    mix = mixing(matrix, setting)
    steps = range(len(BETAS))
    with torch.no_grad():
        found = (orders(pool_of(setting, tuple(maps.shape), step), mix)(maps) for step in steps)
        return torch.stack([each[2 * len(matrix) :].abs().max() for each in found])
