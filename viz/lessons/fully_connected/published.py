"""VGG-16 with fully connected layers and as a fully convolutional network, read and never run."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import torch
from torch import nn

from viz.layers.fully_connected import fully_convolutional
from viz.networks.vgg import vgg_16
from viz.trace import LayerRow, cost, layer_rows

CROP_PX = 224
TRUNK = (512, 7, 7)  # what reaches the head of a crop
LINEAR = ("fc6", "fc7", "fc8")


@cache
def connected() -> nn.Sequential:
    """VGG-16 as it was published; without numbers."""
    with torch.device("meta"):
        return vgg_16()


@cache
def convolutional() -> nn.Sequential:
    """The same network, each fully connected layer as a convolution; for inputs of any size.

    >>> convolutional().fc6
    Conv2d(512, 4096, kernel_size=(7, 7), stride=(1, 1))
    """
    return fully_convolutional(connected(), TRUNK)


def rows(network: nn.Sequential, side_px: int = CROP_PX) -> dict[str, LayerRow]:
    """What leaves every layer for a square input, and what it costs, by the layer's name."""
    return {row.name: row for row in layer_rows(network, (3, side_px, side_px))}


class Grid(NamedTuple):
    """The map of scores of a square input.

    Attributes:
        trunk: side of the maps that reach the head.
        output: side of the map of scores.
        in_one_pass, crop_by_crop: multiply-adds of the convolutional network, and of the published
            one on as many crops.
    """

    trunk: int
    output: int
    in_one_pass: int
    crop_by_crop: int


@cache
def grid(side_px: int) -> Grid:
    """The map of scores of VGG-16, from its layers.

    >>> grid(224).output, grid(384).output
    (1, 6)
    """
    found = rows(convolutional(), side_px)
    output = found["fc8"].output_shape[1]
    crop = cost(connected(), (3, CROP_PX, CROP_PX)).macs
    in_one_pass = sum(row.macs for row in found.values())
    return Grid(found["pool5"].output_shape[1], output, in_one_pass, output**2 * crop)
