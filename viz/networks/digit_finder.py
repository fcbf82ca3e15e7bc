"""A small network that says which digit an 8×8 crop shows, or that it shows none."""

from __future__ import annotations

from collections import OrderedDict
from math import prod

from torch import nn

CROP = (1, 8, 8)
CLASSES = 11  # ten digits, and none
NONE = 10
WIDTHS, HIDDEN = (8, 16), 32


def flattened(padding: int) -> tuple[int, int, int]:
    """The shape of the maps of a crop that reach the fully connected layers.

    >>> flattened(0), flattened(1)
    ((16, 4, 4), (16, 8, 8))
    """
    side = CROP[1] - 2 * len(WIDTHS) * (1 - padding)
    return WIDTHS[-1], side, side


def digit_finder(padding: int = 0) -> nn.Sequential:
    """A trunk of two 3×3 convolutions, then two fully connected layers: `(N, 1, 8, 8)` to `(N, 11)`.

    For pages see `viz.layers.fully_connected.fully_convolutional`.

    Args:
        padding: zeros around the maps of each convolution: 0 for none, 1 to keep their size.

    >>> digit_finder().fc1, digit_finder(padding=1).fc1.in_features
    (Linear(in_features=256, out_features=32, bias=True), 1024)
    """
    first, second = WIDTHS
    layers = {
        "conv1": nn.Conv2d(CROP[0], first, 3, padding=padding),
        "relu1": nn.ReLU(),
        "conv2": nn.Conv2d(first, second, 3, padding=padding),
        "relu2": nn.ReLU(),
        "flatten": nn.Flatten(),
        "fc1": nn.Linear(prod(flattened(padding)), HIDDEN),
        "relu3": nn.ReLU(),
        "fc2": nn.Linear(HIDDEN, CLASSES),
    }
    return nn.Sequential(OrderedDict(layers))
