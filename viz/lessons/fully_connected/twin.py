"""The network on the canvas, and its twin whose head is fully connected."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from viz.layers.sliding import sliding
from viz.lessons.chain import before
from viz.lessons.fully_connected.setting import CROP_PX, STRIDE_PX, Setting
from viz.lessons.fully_connected.stages import MAP, dense
from viz.lessons.lesson import Built

HEAD = ("head", "head_relu", "scores")
Place = tuple[int, int]  # row and column of the map of scores


@dataclass(frozen=True, eq=False)
class Twin:
    """Both networks; they share the memory of their weights.

    Attributes:
        square: cuts the square out of the picture.
        trunk: from a square to the maps that reach the head.
        convolved: the head as convolutions.
        connected: the head as flatten and fully connected layers: `(C, 7, 7)` to `(10,)`.
    """

    square: nn.Module
    trunk: nn.Sequential
    convolved: nn.Sequential
    connected: nn.Sequential

    def to(self, device: torch.device) -> Twin:
        """The same networks on another device."""
        for part in (self.trunk, self.convolved, self.connected):
            part.to(device)
        return self

    def double(self) -> Twin:
        """Copies of the networks in double precision, on the CPU."""
        return Twin(self.square, *map(_precise, (self.trunk, self.convolved, self.connected)))

    def in_one_pass(self, square: Tensor) -> Tensor:
        """The map of scores of the convolutions, `(10, n, n)`.

        Args:
            square: `(3, S, S)`, as it reaches the trunk.
        """
        scores: Tensor = self.convolved(self.trunk(square))
        return scores

    def on_crops(self, square: Tensor) -> Tensor:
        """The same map of the fully connected network, on every crop by itself."""
        found = [self.connected(maps) for maps in self._of_crops(square)]
        return torch.stack(found, dim=-1).unflatten(-1, places(square))

    def trunk_on_crops(self, square: Tensor) -> Tensor:
        """What reaches the head of every crop by itself, `(C, 7, 7, crops)`."""
        return torch.stack(list(self._of_crops(square)), dim=-1)

    def _of_crops(self, square: Tensor) -> Iterator[Tensor]:
        rows, columns = map(range, places(square))
        return (self.trunk(crop_at(square, (row, column))) for row in rows for column in columns)

    def magnitude(self, square: Tensor) -> Tensor:
        """Σ|w·x| of every score, taken through all layers: what bounds the rounding."""
        return _magnitude(self.convolved, self.trunk_magnitude(square))

    def trunk_magnitude(self, square: Tensor) -> Tensor:
        """The same of the maps that reach the head."""
        return _magnitude(self.trunk, square)

    @property
    def terms(self) -> int:
        """The number of products that are added on the way to one score, layer after layer."""
        layers = nn.Sequential(*self.trunk, *self.convolved).modules()
        return sum(each.weight[0].numel() for each in layers if isinstance(each, nn.Conv2d))


def _precise(chain: nn.Sequential) -> nn.Sequential:
    return deepcopy(chain).cpu().double()


def _magnitude(network: nn.Module, x: Tensor) -> Tensor:
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d):
            weight, sizes = layer.weight.abs().to(x.device), sliding(layer)
            x = F.conv2d(x.abs(), weight, None, sizes.stride, sizes.before, groups=layer.groups)
        elif isinstance(layer, nn.MaxPool2d):
            x = layer(x)
    return x


def twin(built: Built[Setting]) -> Twin:
    """Both networks of a Setting."""
    layers = dict(built.network.named_children())
    _, *trunk = before("head", built.network)
    head = OrderedDict((name, layers[name]) for name in HEAD)
    flat = {
        name: dense(layer.weight.flatten(1)) if isinstance(layer, nn.Conv2d) else layer
        for name, layer in head.items()
    }
    connected = nn.Sequential(OrderedDict([("flatten", nn.Flatten(-3)), *flat.items()]))
    return Twin(layers["square"], nn.Sequential(*trunk), nn.Sequential(head), connected)


def places(square: Tensor) -> Place:
    """The numbers of rows and columns of the map of scores.

    >>> places(torch.zeros(3, 384, 384))
    (6, 6)
    """
    rows, columns = ((side - CROP_PX) // STRIDE_PX + 1 for side in square.shape[-2:])
    return rows, columns


def windows(maps: Tensor) -> Tensor:
    """Every 7×7 px of the maps that reach the head, `(C, 7, 7, windows)`, row by row.

    >>> windows(torch.zeros(32, 12, 12)).shape
    torch.Size([32, 7, 7, 36])
    """
    return maps.unfold(1, MAP, 1).unfold(2, MAP, 1).flatten(1, 2).movedim(1, -1)


def crop_at(square: Tensor, place: Place) -> Tensor:
    """The 224×224 px that one unit of the map of scores sees."""
    top, left = (STRIDE_PX * at for at in place)
    return square[..., top : top + CROP_PX, left : left + CROP_PX]
