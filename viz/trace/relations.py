"""The field of one layer's units in another layer's map, and the same relation the other way round."""

from __future__ import annotations

from dataclasses import dataclass, replace

from torch import nn

from viz.geometry import ReceptiveField, Window
from viz.trace.flow import flow
from viz.trace.joins import Concatenation
from viz.trace.maps import Maps
from viz.trace.rules import read
from viz.trace.step import Reading, Step


@dataclass(frozen=True)
class Between:
    """What units of a later map see of an earlier one.

    Args:
        earlier, later: names of the two layers; of the input an empty one.
        earlier_shape, later_shape: of their maps, `(C, H, W)`, or `(features,)` once flattened.
        field: the receptive field of a unit of the later map in the earlier one.
        units: (height, width) of the later map.
    """

    earlier: str
    later: str
    earlier_shape: tuple[int, ...]
    later_shape: tuple[int, ...]
    field: ReceptiveField
    units: tuple[int, int]

    def reached(self, row: int, column: int) -> tuple[range, range]:
        """The projective field: rows and columns of the units that see a pixel of the earlier map.

        Both are empty if none does, as between the pixels that a strided 1×1 reads. The relation is
        that of `field`, so it has the same certainty.

        >>> between(nn.MaxPool2d(3, 2), (1, 9, 9)).reached(4, 8)
        (range(1, 3), range(3, 4))
        """
        axes = zip((self.field.rows, self.field.columns), (row, column), self.units, strict=True)
        rows, columns = (_within(window.seen_by(at), units) for window, at, units in axes)
        return (rows, columns) if rows and columns else (range(0), range(0))

    def seen(self, row: int, column: int) -> tuple[range, range]:
        """The receptive field of a unit: rows and columns of the earlier map, some outside of it.

        >>> between(nn.Conv2d(1, 1, 3, padding=1), (1, 9, 9)).seen(0, 4)
        (range(-1, 2), range(3, 6))
        """
        return _from(self.field.rows, row), _from(self.field.columns, column)


def between(
    network: nn.Module, input_shape: tuple[int, ...], from_layer: str = "", to_layer: str = ""
) -> Between:
    """The field of a unit of `to_layer` in the map of `from_layer`, both after the layer.

    Args:
        network, input_shape: as for `receptive_field`.
        from_layer: name of the earlier layer, of `layer_rows`; empty for the input. The name of a
            module of several layers stands for the last one; a layer that is passed several times
            is meant at its last pass.
        to_layer: name of the later one; empty for the network's output.

    Raises:
        ValueError: if there is no such layer, or the later one does not read the earlier one, or
            as `receptive_field`.

    >>> network = nn.Sequential(nn.Conv2d(3, 8, 7, 2), nn.ReLU(), nn.Conv2d(8, 8, 3, 2))
    >>> between(network, (3, 64, 64), "0", "2").field.size
    (3, 3)
    """
    reading = flow(network, input_shape)
    earlier = _named(reading, from_layer) if from_layer else reading.input
    later = _named(reading, to_layer) if to_layer else reading.output
    maps = _seen_from(reading, earlier).get(later)
    if maps is None:
        raise ValueError(
            f"{later.name or 'the output'} does not read {earlier.name or 'the input'}"
        )
    shapes = earlier.maps.shape, later.maps.shape
    return Between(earlier.name, later.name, *shapes, maps.seen, later.maps.extent)


def _named(reading: Reading, name: str) -> Step:
    """The last step of a name, or the last one inside a module of that name."""
    exact = [step for step in reading.layers if step.name == name]
    inside = [step for step in reading.layers if step.name.startswith(f"{name}.")]
    if not (exact or inside):
        raise ValueError(f"the network has no layer {name!r}")
    return (exact or inside)[-1]


def _seen_from(reading: Reading, start: Step) -> dict[Step, Maps]:
    """The maps after every step that reads `start`, with their fields in its map."""
    seen = {start: replace(start.maps, field=ReceptiveField(), uneven=False)}
    for step in reading.layers:
        known = next((seen[source] for source in step.sources if source in seen), None)
        if known is not None and step not in seen:
            sources = [_seen(source, seen, known, step.layer) for source in step.sources]
            seen[step] = read(step.layer, *sources)
    return seen


def _seen(source: Step, seen: dict[Step, Maps], known: Maps, layer: nn.Module) -> Maps:
    """The maps of a source; of a branch that sees nothing of the start, with the field of another.

    So it adds nothing to their union; but its channels see less than the others.
    """
    uneven = isinstance(layer, Concatenation)
    return seen.get(source) or replace(source.maps, field=known.field, uneven=uneven)


def _within(units: range, count: int) -> range:
    return range(max(units.start, 0), max(units.start, 0, min(units.stop, count)))


def _from(window: Window, unit: int) -> range:
    first, last = window.seen(unit)
    return range(first, last + 1)
