"""A stack without space: every window reduced to its middle tap, so that all layers are 1×1."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from viz.layers.chain import layers_of
from viz.layers.pointwise import Pointwise


def without_space(network: nn.Module) -> nn.Sequential:
    """The convolutions of a chain as 1×1 layers of stride 1; pools and padding are left out.

    Each matrix is the middle tap of the kernel, times its side, which keeps the variance of random
    weights.

    >>> chain = nn.Sequential(nn.Conv2d(3, 8, 5, 2), nn.ReLU(), nn.MaxPool2d(2))
    >>> [type(layer).__name__ for layer in without_space(chain)]
    ['Pointwise', 'ReLU']
    """
    found = nn.Sequential()
    for _, layer in layers_of(network):
        if isinstance(layer, nn.Conv2d):
            middle = layer.kernel_size[0] // 2
            rows = layer.weight[:, :, middle, middle].detach() * layer.kernel_size[0]
            found.append(Pointwise(rows, groups=layer.groups))
        elif isinstance(layer, nn.ReLU):
            found.append(nn.ReLU())
    return found


def sorted_values(maps: Tensor) -> Tensor:
    """The values of every map in ascending order, `(C, n)`: equal for maps that are only shuffled."""
    return maps.flatten(1).sort(1).values


def shuffled(pixels: Tensor, seed: int = 0) -> Tensor:
    """The pixels of a picture in another order: `(C, H, W)` in and out.

    >>> shuffled(torch.arange(4.0).view(1, 2, 2)).flatten().sort().values
    tensor([0., 1., 2., 3.])
    """
    order = torch.randperm(pixels[0].numel(), generator=torch.Generator().manual_seed(seed))
    return pixels.flatten(1)[:, order.to(pixels.device)].view_as(pixels)
