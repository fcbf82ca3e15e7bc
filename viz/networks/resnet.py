"""ResNet with 50 layers of weights."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn

# Of each stage: the width inside its bottlenecks, and the stride of each of them.
STAGES = (
    (64, (1, 1, 1)),
    (128, (2, 1, 1, 1)),
    (256, (2, 1, 1, 1, 1, 1)),
    (512, (2, 1, 1)),
)


class Bottleneck(nn.Module):
    """1×1, 3×3 and 1×1, added to what reached them.

    Args:
        channels: that reach the block.
        width: of the 3×3; four times as many channels leave the block.
        stride: of the 3×3, as in torchvision; the paper's is that of the first 1×1.
    """

    def __init__(self, channels: int, width: int, stride: int = 1) -> None:
        super().__init__()
        out = 4 * width
        self.conv1, self.norm1 = nn.Conv2d(channels, width, 1, bias=False), nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(width)
        self.conv3, self.norm3 = nn.Conv2d(width, out, 1, bias=False), nn.BatchNorm2d(out)
        self.shortcut: nn.Module | None = None
        if stride > 1 or channels != out:
            projection = nn.Conv2d(channels, out, 1, stride, bias=False)
            self.shortcut = nn.Sequential(projection, nn.BatchNorm2d(out))

    def forward(self, x: Tensor) -> Tensor:
        """`(N, C, H, W)` in, `(N, 4·width, H / stride, W / stride)` out, rounded up."""
        y = F.relu(self.norm1(self.conv1(x)))
        y = F.relu(self.norm2(self.conv2(y)))
        y = self.norm3(self.conv3(y))
        return F.relu(y + (x if self.shortcut is None else self.shortcut(x)))


def resnet_50(classes: int = 1000) -> nn.Sequential:
    """ResNet-50 for `(3, 224, 224)`, in torchvision's layout.

    Source: He et al. 2015, "Deep residual learning for image recognition", table 1.

    >>> import torch
    >>> with torch.device("meta"):
    ...     network = resnet_50()
    >>> network.layer4[0].conv2
    Conv2d(512, 512, kernel_size=(3, 3), stride=(2, 2), padding=(1, 1), bias=False)
    """
    network, channels = nn.Sequential(), 64
    network.add_module("conv1", nn.Conv2d(3, channels, 7, stride=2, padding=3, bias=False))
    network.add_module("norm1", nn.BatchNorm2d(channels))
    network.add_module("relu", nn.ReLU())
    network.add_module("pool", nn.MaxPool2d(3, stride=2, padding=1))
    for number, (width, strides) in enumerate(STAGES, 1):
        blocks = nn.Sequential()
        for stride in strides:
            blocks.append(Bottleneck(channels, width, stride))
            channels = 4 * width
        network.add_module(f"layer{number}", blocks)
    network.add_module("average", nn.AdaptiveAvgPool2d(1))
    network.add_module("flatten", nn.Flatten())
    network.add_module("linear", nn.Linear(channels, classes))
    return network.eval()
