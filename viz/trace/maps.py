"""What flows from one layer to the next."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from viz.geometry import ReceptiveField


@dataclass(frozen=True)
class Maps:
    """What flows from one layer to the next: its shape, and what one number in it sees.

    Args:
        channels: number of maps.
        extent: (height, width) of each.
        field: what a unit of them sees of the network's input.
        flat: whether the maps have been flattened into one vector.
    """

    channels: int
    extent: tuple[int, int]
    field: ReceptiveField
    flat: bool = False

    @property
    def shape(self) -> tuple[int, ...]:
        """As torch has it, without batch."""
        return (self.channels * prod(self.extent),) if self.flat else (self.channels, *self.extent)
