"""GoogLeNet, the first network of Inception modules.

Source: C. Szegedy et al. 2014, "Going deeper with convolutions", table 1 and figure 2,
arXiv:1409.4842.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import NamedTuple

from torch import nn

from viz.layers.branches import Branches


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


def inception(
    module: Inception, inputs: int | None = None, *, reduced: bool = True, projected: bool = True
) -> Branches:
    """Four branches that read the same maps: 1×1, 3×3, 5×5 and a pool, with a ReLU after each layer.

    Args:
        module: the channels.
        inputs: channels that reach the module, if they are not the published ones.
        reduced: whether a 1×1 comes before the 3×3 and the 5×5.
        projected: whether a 1×1 follows the pool; else it passes all its channels on. Without
            either it is the naive module of figure 2a.

    >>> import torch
    >>> naive = inception(MODULES[0], reduced=False, projected=False)
    >>> list(naive), naive(torch.zeros(192, 4, 4)).shape[0]
    (['one', 'three', 'five', 'pool'], 416)
    """
    inputs = module.inputs if inputs is None else inputs
    pool = nn.Sequential(nn.MaxPool2d(3, stride=1, padding=1))
    if projected:
        pool.extend(_conv(inputs, module.projection, 1))
    before_three, before_five = (module.reduce_three, module.reduce_five) if reduced else (0, 0)
    return Branches(
        OrderedDict(
            one=_conv(inputs, module.one, 1),
            three=_reduced(inputs, before_three, module.three, 3),
            five=_reduced(inputs, before_five, module.five, 5),
            pool=pool,
        )
    )


def googlenet(classes: int = 1000, *, reduced: bool = True) -> nn.Sequential:
    """GoogLeNet for `(3, 224, 224)`, with the paper's 5×5 and without its auxiliary heads.

    The first convolution is a dense 7×7. Pools round up, as Caffe's do.

    Args:
        classes: numbers that leave it.
        reduced: whether its modules have a 1×1 before the 3×3 and the 5×5; the paper's have.

    >>> import torch
    >>> with torch.device("meta"):
    ...     network = googlenet()
    >>> network.inception4a.five[2]
    Conv2d(16, 48, kernel_size=(5, 5), stride=(1, 1), padding=(2, 2))
    """
    network = nn.Sequential(
        OrderedDict(
            conv1=_conv(3, 64, 7, stride=2),
            pool1=nn.MaxPool2d(3, stride=2, ceil_mode=True),
            norm1=nn.LocalResponseNorm(5),
            conv2=nn.Sequential(*_conv(64, 64, 1), *_conv(64, 192, 3)),
            norm2=nn.LocalResponseNorm(5),
            pool2=nn.MaxPool2d(3, stride=2, ceil_mode=True),
        )
    )
    for module in MODULES:
        network.add_module(f"inception{module.name}", inception(module, reduced=reduced))
        if module.name in ("3b", "4e"):
            network.add_module(f"pool{module.name[0]}", nn.MaxPool2d(3, stride=2, ceil_mode=True))
    network.add_module("average", nn.AvgPool2d(7, stride=1))
    network.add_module("dropout", nn.Dropout(0.4))
    network.add_module("flatten", nn.Flatten())
    network.add_module("linear", nn.Linear(1024, classes))
    return network.eval()


def _reduced(inputs: int, reduced: int, outputs: int, kernel: int) -> nn.Sequential:
    """A convolution, after a 1×1 to so many channels if there are any."""
    if not reduced:
        return _conv(inputs, outputs, kernel)
    return nn.Sequential(*_conv(inputs, reduced, 1), *_conv(reduced, outputs, kernel))


def _conv(channels: int, outputs: int, kernel: int, stride: int = 1) -> nn.Sequential:
    conv = nn.Conv2d(channels, outputs, kernel, stride, padding=kernel // 2)
    return nn.Sequential(conv, nn.ReLU())
