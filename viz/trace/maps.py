"""The maps that pass from one layer to the next."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import prod

from viz.geometry import ReceptiveField, Window


@dataclass(frozen=True)
class Maps:
    """The maps between two layers: their shape, and the receptive field of a unit.

    Args:
        channels: the number of maps.
        extent: (height, width) of each.
        field: the receptive field of a unit in the network's input; it holds those of all channels.
        flat: whether the maps have been flattened into one vector.
        uneven: whether channels differ in what they see, as after a concatenation of branches.
        cropped: whether rows or columns were cut off: zeros padded later are not what was there.
    """

    channels: int
    extent: tuple[int, int]
    field: ReceptiveField
    flat: bool = False
    uneven: bool = False
    cropped: bool = False

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape in torch, without batch."""
        return (self.channels * prod(self.extent),) if self.flat else (self.channels, *self.extent)

    @property
    def seen(self) -> ReceptiveField:
        """The field of a unit of any channel: an upper bound where channels differ."""
        return self.field.at_most() if self.uneven else self.field

    def whole(self) -> ReceptiveField:
        """The field of a unit that reads every map from end to end."""
        return self.field.then(*(Window(length) for length in self.extent))

    def mixed(self, channels: int) -> Maps:
        """The maps after a layer of which every unit reads all channels."""
        return replace(self, channels=channels, uneven=False)
