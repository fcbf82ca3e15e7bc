"""MobileNet in its first version."""

from __future__ import annotations

from collections import OrderedDict

from torch import nn

# Of each step after the first convolution: the width of its 1×1, and the stride of its depthwise.
STEPS = (
    *((64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2)),
    *((512, 1),) * 5,
    *((1024, 2), (1024, 1)),
)


def mobilenet_v1(classes: int = 1000) -> nn.Sequential:
    """MobileNet v1 1.0 for `(3, 224, 224)`: depthwise 3×3 and 1×1 convolutions in turn.

    Padded as TensorFlow's SAME: before a stride of 2, of an even size, only after the map.

    Source: Howard et al. 2017, "MobileNets: efficient convolutional neural networks for mobile
    vision applications", table 1.

    >>> import torch
    >>> with torch.device("meta"):
    ...     network = mobilenet_v1()
    >>> network.step1.depthwise.groups, network.step1.pointwise.out_channels
    (32, 64)
    """
    network, channels = nn.Sequential(), 32
    network.add_module("conv", nn.Sequential(OrderedDict(_same(3, channels, "conv", stride=2))))
    for number, (width, stride) in enumerate(STEPS, 1):
        depthwise = _same(channels, channels, "depthwise", stride=stride, groups=channels)
        pointwise = _normalised("pointwise", nn.Conv2d(channels, width, 1, bias=False))
        network.add_module(f"step{number}", nn.Sequential(OrderedDict(depthwise | pointwise)))
        channels = width
    network.add_module("average", nn.AdaptiveAvgPool2d(1))
    network.add_module("flatten", nn.Flatten())
    network.add_module("linear", nn.Linear(channels, classes))
    return network.eval()


def _same(
    channels: int, outputs: int, name: str, *, stride: int, groups: int = 1
) -> dict[str, nn.Module]:
    """A 3×3 after the padding that TensorFlow would give it."""
    sides = (0, 1, 0, 1) if stride == 2 else (1, 1, 1, 1)
    conv = nn.Conv2d(channels, outputs, 3, stride, groups=groups, bias=False)
    return {"pad": nn.ZeroPad2d(sides)} | _normalised(name, conv)


def _normalised(name: str, conv: nn.Conv2d) -> dict[str, nn.Module]:
    norm = nn.BatchNorm2d(conv.out_channels)
    return {name: conv, f"{name}_norm": norm, f"{name}_relu": nn.ReLU()}
