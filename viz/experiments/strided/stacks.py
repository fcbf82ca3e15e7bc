"""Stacks of layers with a stride, small enough that what they read can be counted."""

from __future__ import annotations

import torch
from torch import nn

from viz.layers.downsampling import binomial_window
from viz.layers.pointwise import Pointwise


def strided_stack(layers: int, stride: int) -> nn.Sequential:
    """So many strided 1×1 layers of one channel, one after the other.

    >>> strided_stack(3, 2)(torch.zeros(1, 64, 64)).shape
    torch.Size([1, 8, 8])
    """
    return nn.Sequential(*(Pointwise(torch.ones(1, 1), stride=stride) for _ in range(layers)))


def stride_then_window(stride: int) -> nn.Sequential:
    """A strided 1×1, then a 3×3: its field has holes.

    >>> stride_then_window(2)(torch.zeros(1, 64, 64)).shape
    torch.Size([1, 32, 32])
    """
    return nn.Sequential(*strided_stack(1, stride), binomial_window(1))
