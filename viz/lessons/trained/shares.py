"""How much of a network its 1×1 layers are: of its convolutions, its weights, its multiply-adds."""

from __future__ import annotations

from collections.abc import Iterable
from math import prod
from typing import NamedTuple

from torch import nn

from viz.lessons.trained.networks import Trained
from viz.lessons.trained.pieces import Piece

KINDS = ("one", "three", "five", "linear")  # 1×1, 3×3, larger, and linear layers


class Share(NamedTuple):
    """Layers of one kind.

    Attributes:
        layers: how many.
        weights: without biases and normalisations.
        macs: multiply-adds for a picture of the size that the network is made for.
    """

    layers: int = 0
    weights: int = 0
    macs: int = 0

    def __add__(self, other: object) -> Share:
        """Both together."""
        assert isinstance(other, Share)
        return Share(*(one + more for one, more in zip(self, other, strict=True)))


def shares(trained: Trained) -> dict[str, Share]:
    """The layers with weights of every kind; a kind that does not occur has none."""
    found = dict.fromkeys(KINDS, Share())
    for piece in trained.all_pieces:
        if isinstance(piece.main.layer, nn.Conv2d | nn.Linear):
            found[kind_of(piece)] += _share(piece)
    return found


def kind_of(piece: Piece) -> str:
    """The kind of a layer with weights; a depthwise 1×1 mixes nothing, and counts as larger."""
    if isinstance(piece.main.layer, nn.Linear):
        return "linear"
    if piece.is_pointwise:
        return "one"
    assert isinstance(piece.main.layer, nn.Conv2d)
    return "three" if max(piece.main.layer.kernel_size) == 3 else "five"


def _share(piece: Piece) -> Share:
    layer, maps = piece.main.layer, piece.main.maps
    assert isinstance(layer, nn.Conv2d | nn.Linear)
    weights = layer.weight.numel()
    return Share(1, weights, weights * prod(maps.extent))


def total(found: Iterable[Share]) -> Share:
    """All together.

    >>> total([Share(1, 2, 3), Share(1, 1, 1)])
    Share(layers=2, weights=3, macs=4)
    """
    together = Share()
    for each in found:
        together += each
    return together
