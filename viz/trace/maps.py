"""The maps that pass from one layer to the next."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from viz.geometry import ReceptiveField


@dataclass(frozen=True)
class Maps:
    """The maps between two layers: their shape, and the receptive field of a unit.

    Args:
        channels: the number of maps.
        extent: (height, width) of each.
        field: the receptive field of a unit in the network's input.
        flat: whether the maps have been flattened into one vector.
    """

    channels: int
    extent: tuple[int, int]
    field: ReceptiveField
    flat: bool = False

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape in torch, without batch."""
        return (self.channels * prod(self.extent),) if self.flat else (self.channels, *self.extent)
