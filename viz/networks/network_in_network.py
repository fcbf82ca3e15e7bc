"""Network in Network, as trained on CIFAR-10."""

from __future__ import annotations

from torch import nn

# Of each block: the kernel, its width, and the widths of the two 1×1 layers ("cccp") after it.
BLOCKS = ((5, 192, 160, 96), (5, 192, 192, 192), (3, 192, 192, 10))


def network_in_network() -> nn.Sequential:
    """NIN for `(3, 32, 32)`: three convolutions, each followed by two 1×1, and one mean a class.

    Source: Lin, Chen, Yan 2013, "Network in Network"; widths of the authors' CIFAR-10 definition.

    >>> network_in_network().cccp6
    Conv2d(192, 10, kernel_size=(1, 1), stride=(1, 1))
    """
    network, channels, pointwise = nn.Sequential(), 3, 1
    for block, (kernel, width, *mixtures) in enumerate(BLOCKS, 1):
        network.add_module(f"conv{block}", nn.Conv2d(channels, width, kernel, padding=kernel // 2))
        network.add_module(f"relu{block}", nn.ReLU())
        channels = width
        for width in mixtures:
            network.add_module(f"cccp{pointwise}", nn.Conv2d(channels, width, 1))
            network.add_module(f"relu_cccp{pointwise}", nn.ReLU())
            channels, pointwise = width, pointwise + 1
        if block < len(BLOCKS):
            network.add_module(f"pool{block}", nn.MaxPool2d(3, stride=2, ceil_mode=True))
            network.add_module(f"dropout{block}", nn.Dropout())
    network.add_module("average", nn.AdaptiveAvgPool2d(1))
    network.add_module("flatten", nn.Flatten())
    return network.eval()
