"""VGG with 16 layers of weights."""

from __future__ import annotations

from torch import nn

BLOCKS = ((64, 64), (128, 128), (256, 256, 256), (512, 512, 512), (512, 512, 512))


def vgg_16(classes: int = 1000) -> nn.Sequential:
    """VGG-16 for `(3, 224, 224)`: five blocks of 3×3 convolutions, then three layers on the vector.

    Source: Simonyan, Zisserman 2014, "Very deep convolutional networks for large-scale image
    recognition", table 1, column D.

    >>> import torch
    >>> with torch.device("meta"):
    ...     network = vgg_16()
    >>> network.conv1_1, network.fc6
    (Conv2d(3, 64, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1)), Linear(in_features=25088, out_features=4096, bias=True))
    """
    network, channels = nn.Sequential(), 3
    for block, widths in enumerate(BLOCKS, 1):
        for layer, width in enumerate(widths, 1):
            network.add_module(f"conv{block}_{layer}", nn.Conv2d(channels, width, 3, padding=1))
            network.add_module(f"relu{block}_{layer}", nn.ReLU())
            channels = width
        network.add_module(f"pool{block}", nn.MaxPool2d(2))
    network.add_module("flatten", nn.Flatten())
    features = 7 * 7 * channels
    for number, width in ((6, 4096), (7, 4096)):
        network.add_module(f"fc{number}", nn.Linear(features, width))
        network.add_module(f"relu{number}", nn.ReLU())
        network.add_module(f"dropout{number}", nn.Dropout())
        features = width
    network.add_module("fc8", nn.Linear(features, classes))
    return network.eval()
