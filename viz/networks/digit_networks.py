"""Small networks that classify 8×8 digits: one frame, with blocks and heads to choose from."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import nn

INPUT, CLASSES, BLOCKS = (1, 8, 8), 10, 3

Block = Callable[[int, int], list[nn.Module]]  # channels in, channels out -> its layers
Head = Callable[[int], list[nn.Module]]  # channels in -> its layers


class Design(NamedTuple):
    """Three blocks of one width, then a head. No pools: only kernels read neighbours."""

    block: Block
    head: Head


def plain(channels: int, width: int) -> list[nn.Module]:
    """A 3×3."""
    return [nn.Conv2d(channels, width, 3, padding=1), nn.ReLU()]


def pointwise(channels: int, width: int) -> list[nn.Module]:
    """A 1×1."""
    return [nn.Conv2d(channels, width, 1), nn.ReLU()]


def nin(channels: int, width: int) -> list[nn.Module]:
    """A 3×3, then a 1×1 of the same width, as in Network in Network."""
    return [*plain(channels, width), *pointwise(width, width)]


def separable(channels: int, width: int) -> list[nn.Module]:
    """A 3×3 on each channel alone, then a 1×1; from one channel, the 3×3 makes `width` of it."""
    spread = width if channels == 1 else channels
    depthwise = nn.Conv2d(channels, spread, 3, padding=1, groups=channels)
    return [depthwise, *pointwise(spread, width)]


def averaged(channels: int) -> list[nn.Module]:
    """Global average pooling, then a linear layer: the position of a feature is lost."""
    return [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, CLASSES)]


def connected(channels: int) -> list[nn.Module]:
    """A fully connected layer: a weight for each channel of each pixel."""
    return [nn.Flatten(), nn.Linear(channels * INPUT[1] * INPUT[2], CLASSES)]


DESIGNS = {
    "plain": Design(plain, averaged),
    "nin": Design(nin, averaged),
    "separable": Design(separable, averaged),
    "pointwise": Design(pointwise, averaged),
    "plain_connected": Design(plain, connected),
    "pointwise_connected": Design(pointwise, connected),
}


@torch.inference_mode(False)  # its weights are to be trained
def digit_network(design: str, width: int, device: str = "cpu") -> nn.Sequential:
    """A network, `(N, 1, 8, 8)` to `(N, 10)`.

    Args:
        design: a name in `DESIGNS`.
        width: the channels of every block, from 1.
        device: `meta` for a network without numbers.

    >>> [type(layer).__name__ for layer in digit_network("pointwise", 4)][-3:]
    ['AdaptiveAvgPool2d', 'Flatten', 'Linear']
    """
    block, head = DESIGNS[design]
    with torch.device(device):
        layers = block(INPUT[0], width)
        for _ in range(BLOCKS - 1):
            layers += block(width, width)
        return nn.Sequential(*layers, *head(width))
