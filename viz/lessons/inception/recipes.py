"""Seeded weights that are not trained, but whose maps can be read.

Each recipe needs only torch and math and is self-contained, so that its source can be given to a
student.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor


def leaning_rows(outputs: int, channels: int, seed: int) -> Tensor:
    """Independent normal weights that lean to the positive side, so that few maps die in a ReLU.

    weight[o, c] has mean 0.4 / sqrt(channels) and variance 1 / channels

    Args:
        outputs, channels: at least 1.
        seed: the same weights for the same seed.

    Returns:
        `(outputs, channels)`.

    >>> leaning_rows(2, 3, seed=0).shape, bool(leaning_rows(20, 30, seed=0).mean() > 0)
    (torch.Size([2, 3]), True)
    """
    generator = torch.Generator().manual_seed(seed)
    return (torch.randn(outputs, channels, generator=generator) + 0.4) / channels**0.5


def oriented_kernels(outputs: int, channels: int, side: int, seed: int) -> Tensor:
    """Bars of evenly spread orientations, each on a mixture of all channels.

    weight[o, c] = mixture[o, c] · bar[o]: a bar is as wide as half the kernel, of zero mean and
    unit norm; the mixture is normal with variance 1 / channels.

    Args:
        outputs, channels: at least 1.
        side: of a kernel, odd and at least 3.
        seed: the same mixture for the same seed.

    Returns:
        `(outputs, channels, side, side)`.

    >>> kernels = oriented_kernels(4, 2, side=3, seed=0)
    >>> kernels.shape, bool(kernels.sum((2, 3)).abs().max() < 1e-6)
    (torch.Size([4, 2, 3, 3]), True)
    """
    generator = torch.Generator().manual_seed(seed)
    steps = torch.arange(side).double() - side // 2
    row, column = torch.meshgrid(steps, steps, indexing="ij")
    angle = math.pi / outputs * torch.arange(outputs).double()[:, None, None]
    across = column * angle.sin() + row * angle.cos()
    along = column * angle.cos() - row * angle.sin()
    window = torch.exp(-(across**2 + along**2 / 4) / (2 * (side / 4) ** 2))
    bars = window * torch.cos(2 * math.pi * across / side)
    bars = bars - window * (bars.sum((1, 2), True) / window.sum((1, 2), True))
    bars = (bars / bars.square().sum((1, 2), True).sqrt()).float()
    mixture = torch.randn(outputs, channels, generator=generator) / channels**0.5
    return mixture[:, :, None, None] * bars[:, None]
