"""A network of one sliding layer at a single place, where it is a product of matrices."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import torch.nn.functional as F
from torch import Tensor, nn

from viz.geometry import ReceptiveField
from viz.layers.chain import layers_of
from viz.layers.sliding import sliding
from viz.trace import Maps, read

_EXTENT = (1000, 1000)  # of the maps of a layer that reads nothing but its own place


class OnePlace(nn.Module):
    """What a convolution gives where its kernel lies on a picture of the kernel's size.

    Args:
        layer: a convolution in one group, without dilation.

    >>> import torch
    >>> OnePlace(nn.Conv2d(2, 3, 9, padding=4))(torch.zeros(5, 2, 9, 9)).shape
    torch.Size([5, 3, 1, 1])
    """

    def __init__(self, layer: nn.Conv2d) -> None:
        super().__init__()
        self.weight, self.bias = layer.weight, layer.bias

    def forward(self, x: Tensor) -> Tensor:
        """`(N, C, k, k)` in, `(N, O, 1, 1)` out."""
        return F.linear(x.flatten(1), self.weight.flatten(1), self.bias)[..., None, None]


class AtOnePlace(NamedTuple):
    """A chain whose unit in the middle is its only one.

    Attributes:
        layers: take pictures of `size_px` pixels a side.
        size_px: the side of the kernel.
    """

    layers: nn.Sequential
    size_px: int


def at_one_place(network: nn.Module, channels: int) -> AtOnePlace | None:
    """The chain for a single unit, if one convolution in it slides and all else stays at its place.

    Banks of filters, what rectifies them and 1×1 layers are such chains. Products of matrices do
    their work at one unit; a convolution with padding would do it at every unit.

    Args:
        network: any layer or network.
        channels: of its input.

    Returns:
        None if it is no such chain: if there are branches, pools, strides, or several kernels.

    >>> import torch
    >>> at_one_place(nn.Sequential(nn.Conv2d(1, 2, 5, padding=2), nn.ReLU()), 1).size_px
    5
    >>> at_one_place(nn.Sequential(nn.Conv2d(1, 2, 5), nn.MaxPool2d(2)), 1) is None
    True
    """
    layers = [layer for _, layer in layers_of(network)]
    kernels = [layer for layer in layers if isinstance(layer, nn.Conv2d) and _is_kernel(layer)]
    if len(kernels) != 1 or not _stay_in_place(layers, channels):
        return None
    (kernel,) = kernels
    placed = [OnePlace(layer) if layer is kernel else layer for layer in layers]
    return AtOnePlace(nn.Sequential(*placed), kernel.kernel_size[0])


def _is_kernel(layer: nn.Module) -> bool:
    """Whether it is a convolution with a square kernel that reads every channel and pixel under it."""
    if not isinstance(layer, nn.Conv2d) or layer.groups > 1:
        return False
    (height, width), stride, *_, dilation = sliding(layer)[:5]
    return height == width > 1 and stride == dilation == (1, 1)


def _stay_in_place(layers: list[nn.Module], channels: int) -> bool:
    """Whether each layer but the kernel gives one unit for each unit and reads nothing else."""
    maps = Maps(channels, _EXTENT, ReceptiveField())
    for layer in layers:
        try:
            after = read(layer, maps)
        except ValueError:
            return False
        maps = replace(maps, channels=after.channels)
        if after != maps and not _is_kernel(layer):
            return False
    return True
