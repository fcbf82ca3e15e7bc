"""How much every unit depends on every position of one axis, measured with all weights set to 1.

Along rows and along columns a stack works alike and separately: with weights of 1 its kernels are
products of a column and a row. So two small matrices tell what every unit sees.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from viz.layers.chain import layers_of
from viz.layers.sliding import Sliding, sliding

Along = Callable[[Tensor], Tensor]


def summed(network: nn.Module, axis: int) -> Along:
    """The layers of a chain along one axis, 0 for rows: every window sums what it reads.

    Returns:
        A function of `(n, 1, length)` in double precision.
    """
    steps = [partial(_summed, sliding(layer), axis) for _, layer in layers_of(network)]

    def along(x: Tensor) -> Tensor:
        for step in steps:
            x = step(x)
        return x

    return along


def _summed(slides: Sliding, axis: int, x: Tensor) -> Tensor:
    padded = F.pad(x, (slides.before[axis], slides.after[axis]))
    ones = x.new_ones(1, 1, slides.kernel[axis])
    return F.conv1d(padded, ones, stride=slides.stride[axis], dilation=slides.dilation[axis])


def by_impulses(along: Along, length: int) -> Tensor:
    """The units that answer to each position, forwards: `(units, length)`.

    >>> by_impulses(summed(nn.MaxPool2d(2), 0), 4)
    tensor([[1., 1., 0., 0.],
            [0., 0., 1., 1.]], dtype=torch.float64)
    """
    return along(torch.eye(length, dtype=torch.float64)[:, None])[:, 0].T


@torch.inference_mode(False)
@torch.enable_grad()
def by_gradients(along: Along, length: int, first: int = 0, units: int | None = None) -> Tensor:
    """The positions on which each unit depends, backwards by autograd: `(units, length)`.

    Args:
        along: see `summed`.
        length: positions of the axis.
        first, units: only so many units from that one on; all if None.

    >>> by_gradients(summed(nn.MaxPool2d(2), 0), 4)
    tensor([[1., 1., 0., 0.],
            [0., 0., 1., 1.]], dtype=torch.float64)
    """
    if units is None:
        units = along(torch.zeros(1, 1, length, dtype=torch.float64)).shape[-1]
    x = torch.zeros(units, 1, length, dtype=torch.float64, requires_grad=True)
    along(x)[:, 0, first : first + units].diagonal().sum().backward()
    assert x.grad is not None
    return x.grad[:, 0]
