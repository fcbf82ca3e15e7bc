"""The Inception modules of GoogLeNet.

Source: C. Szegedy et al. 2014, "Going deeper with convolutions", table 1 and figure 2b,
arXiv:1409.4842.
"""

from __future__ import annotations

from typing import NamedTuple

from torch import nn


class Inception(NamedTuple):
    """The published channels of one module.

    Attributes:
        name: as in the paper.
        side_px: of its square maps.
        inputs: channels that reach it.
        one, three, five: channels that leave its branches of 1×1, 3×3 and 5×5.
        reduce_three, reduce_five: channels after the 1×1 before the 3×3, before the 5×5.
        projection: channels after the 1×1 that follows the pool.
        printed_macs_m: the multiply-adds that the paper prints, in millions.
    """

    name: str
    side_px: int
    inputs: int
    one: int
    reduce_three: int
    three: int
    reduce_five: int
    five: int
    projection: int
    printed_macs_m: int

    @property
    def convolved(self) -> int:
        """The channels of the three branches without the pool."""
        return self.one + self.three + self.five


MODULES = (
    Inception("3a", 28, 192, 64, 96, 128, 16, 32, 32, 128),
    Inception("3b", 28, 256, 128, 128, 192, 32, 96, 64, 304),
    Inception("4a", 14, 480, 192, 96, 208, 16, 48, 64, 73),
    Inception("4b", 14, 512, 160, 112, 224, 24, 64, 64, 88),
    Inception("4c", 14, 512, 128, 128, 256, 24, 64, 64, 100),
    Inception("4d", 14, 512, 112, 144, 288, 32, 64, 64, 119),
    Inception("4e", 14, 528, 256, 160, 320, 32, 128, 128, 170),
    Inception("5a", 7, 832, 256, 160, 320, 32, 128, 128, 54),
    Inception("5b", 7, 832, 384, 192, 384, 48, 128, 128, 71),
)


def branches(module: Inception, inputs: int, *, projected: bool = True) -> list[nn.Sequential]:
    """The four branches, whose outputs are stacked; on the meta device, so their weights take no memory.

    Args:
        inputs: channels that reach the module.
        projected: whether a 1×1 follows the pool.

    >>> [len(branch) for branch in branches(MODULES[0], 192)]
    [1, 2, 2, 2]
    """
    pool = nn.Sequential(nn.MaxPool2d(3, stride=1, padding=1))
    if projected:
        pool.append(_convolution(inputs, module.projection))
    return [
        nn.Sequential(_convolution(inputs, module.one)),
        _reduced(inputs, module.reduce_three, module.three, 3),
        _reduced(inputs, module.reduce_five, module.five, 5),
        pool,
    ]


def _reduced(inputs: int, reduced: int, outputs: int, kernel: int) -> nn.Sequential:
    return nn.Sequential(_convolution(inputs, reduced), _convolution(reduced, outputs, kernel))


def _convolution(inputs: int, outputs: int, kernel: int = 1) -> nn.Conv2d:
    return nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2, device="meta")
