"""How many layers and ReLUs a path through a module passes, and what the added ReLU changes."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import torch
from torch import Tensor, nn

from viz.lessons.inception.merging import Pair
from viz.networks.googlenet import Inception, googlenet, inception
from viz.trace import layer_rows
from viz.trace.depth import depth, has_weights

PHOTO = (3, 224, 224)


class Depths(NamedTuple):
    """Counts of a network.

    Attributes:
        layers: convolutions and linear layers in a row on its longest path.
        relus: ReLUs in a row.
        relus_in_all: ReLUs on all paths.
    """

    layers: int
    relus: int
    relus_in_all: int


@lru_cache(maxsize=64)  # they depend on no picture
def of_module(widths: Inception, *, reduced: bool) -> Depths:
    """A module with a 1×1 after its pool, with or without reductions.

    >>> from viz.networks.googlenet import MODULES
    >>> of_module(MODULES[0], reduced=False), of_module(MODULES[0], reduced=True)
    (Depths(layers=1, relus=1, relus_in_all=4), Depths(layers=2, relus=2, relus_in_all=6))
    """
    with torch.device("meta"):
        module = inception(widths, reduced=reduced)
    return _depths(module, (widths.inputs, widths.side_px, widths.side_px))


@lru_cache(maxsize=2)
def of_googlenet(*, reduced: bool) -> Depths:
    """The whole network.

    >>> of_googlenet(reduced=True).layers
    22
    """
    with torch.device("meta"):
        network = googlenet(reduced=reduced)
    return _depths(network, PHOTO)


def _depths(network: nn.Module, shape: tuple[int, int, int]) -> Depths:
    rows = layer_rows(network, shape)
    return Depths(
        depth(network, shape, has_weights),
        depth(network, shape, _is_relu),
        sum(row.kind == "ReLU" for row in rows),
    )


def _is_relu(layer: nn.Module) -> bool:
    return isinstance(layer, nn.ReLU)


class Switched(NamedTuple):
    """A branch with the ReLU after its reduction, and without it.

    Attributes:
        on, off: its maps, `(O, H, W)`, after the last ReLU.
        cut: the share of the numbers after the reduction that the ReLU sets to 0.
        changed: ‖on − off‖ / ‖on‖.
    """

    on: Tensor
    off: Tensor
    cut: float
    changed: float

    @property
    def most_changed(self) -> list[int]:
        """The channels, the one that the ReLU changes most first."""
        order: list[int] = (
            (self.on - self.off).flatten(1).norm(dim=1).argsort(descending=True).tolist()
        )
        return order


def switched(layers: Pair, x: Tensor) -> Switched:
    """Both layers of a branch and its last ReLU, on the maps that reach it.

    Args:
        layers: on the device of the maps.
        x: `(C, H, W)`.
    """
    on, off = layers.with_relu(x).relu(), layers.both(x).relu()
    whole = float(on.norm())
    return Switched(
        on,
        off,
        float((layers.first(x) < 0).float().mean()),
        float((on - off).norm()) / whole if whole else 0.0,
    )
