"""Masks of the pixels that are read, and their differences from the boxes."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from viz.geometry import ReceptiveField, Window
from viz.layers.chain import naming
from viz.layers.sliding import sliding
from viz.reads.axis import Axis, AxisStep, Parts, Read, Rectangles, Step, beyond_boxes, united
from viz.trace import Maps, Reading
from viz.trace import Step as Layer
from viz.trace.flow import flow
from viz.trace.joins import Concatenation, Elementwise

Unit = tuple[int, int]  # row, column


@dataclass(frozen=True)
class UnitReading:
    """The pixels of the picture that one unit reads.

    Attributes:
        top, left: the corner of its receptive field's box; may lie outside the picture.
        mask: bool `(h, w)`, that box: True where a pixel is read. Outside the picture it is False.
        inside: the number of positions of the box inside the picture.
    """

    top: int
    left: int
    mask: Tensor
    inside: int

    @property
    def read(self) -> int:
        """The number of pixels that are read, of `inside`."""
        return int(self.mask.sum())


def unit_mask(
    network: nn.Module, input_shape: tuple[int, int, int], unit: Unit | None = None
) -> UnitReading:
    """The exact pixels that one unit of the last map reads.

    Padding is not a pixel. Padding that copies the border counts as reading its source, if that
    lies in the box.

    Args:
        network: any network that `viz.trace` can read, on any device, even `meta`: it is never run.
        input_shape: `(C, H, W)`, without batch.
        unit: row and column in the last map; None for the one in the middle. After a linear layer
            there is one unit, which all numbers of the vector belong to.

    Raises:
        ValueError: if there is no such unit, or `viz.trace.read` has no rule for a layer.

    >>> found = unit_mask(nn.Conv2d(1, 1, 3, dilation=2), (1, 12, 12))
    >>> found.read, found.inside, found.mask[0].int()
    (9, 25, tensor([1, 0, 1, 0, 1], dtype=torch.int32))
    """
    maps, rectangles = _at_the_end(network, input_shape)
    if maps.flat and maps.extent != (1, 1):
        raise ValueError("flattened maps have no rows and columns")
    height, width = maps.extent
    unit = unit or (height // 2, width // 2)
    if not (0 <= unit[0] < height and 0 <= unit[1] < width):
        raise ValueError(f"a map of {height}×{width} has no unit {unit}")
    (top, bottom), (left, right) = maps.field.rows.seen(unit[0]), maps.field.columns.seen(unit[1])
    mask = torch.zeros(bottom - top + 1, right - left + 1, dtype=torch.bool)
    for rows, columns in rectangles:
        down = _shifted(rows.box(unit[0]), top, mask.shape[0])
        across = _shifted(columns.box(unit[1]), left, mask.shape[1])
        mask |= _mask(down, across)
    inside = _inside(top, len(mask), input_shape[1]) * _inside(left, mask.shape[1], input_shape[2])
    return UnitReading(top, left, mask, inside)


def read_mask(network: nn.Module, input_shape: tuple[int, int, int]) -> Tensor:
    """The exact pixels that any unit of the last map reads.

    Args:
        network, input_shape: as for `unit_mask`.

    Returns:
        bool `(H, W)`, True where a pixel is read.

    >>> read_mask(nn.Sequential(nn.MaxPool2d(1, stride=3), nn.MaxPool2d(2)), (1, 4, 8))[0].int()
    tensor([1, 0, 0, 1, 0, 0, 0, 0], dtype=torch.int32)
    """
    _, rectangles = _at_the_end(network, input_shape)
    return torch.stack([_mask(rows.read, columns.read) for rows, columns in rectangles]).any(0)


def holes(network: nn.Module, input_shape: tuple[int, ...]) -> dict[str, dict[str, str]]:
    """The rows and columns of the picture that are read, if they differ from the units' boxes.

    Args:
        network, input_shape: as for `unit_mask`.

    Returns:
        Name of a layer -> `read_rows`, `read_columns` or both: a 1 for every row that some unit of
        it reads, else a 0. An axis whose boxes are exact is left out, and so is a layer without
        differences.

    >>> holes(nn.Sequential(nn.MaxPool2d(1, stride=2), nn.AvgPool2d(2)), (1, 4, 3))
    {'1': {'read_rows': '1010', 'read_columns': '101'}}
    """
    named = {}
    for layer, rectangles in _read(flow(network, input_shape)).items():
        boxes = layer.maps.field.rows, layer.maps.field.columns
        along = zip(zip(*rectangles, strict=True), boxes, strict=True)
        names = zip(
            ("read_rows", "read_columns"), (beyond_boxes(*each) for each in along), strict=True
        )
        named[layer.name] = {axis: read for axis, read in names if read}
    return {name: axes for name, axes in named.items() if axes}


def _at_the_end(network: nn.Module, input_shape: tuple[int, ...]) -> tuple[Maps, Rectangles]:
    reading = flow(network, input_shape)
    return reading.output.maps, _read(reading)[reading.output]


def _read(reading: Reading) -> dict[Layer, Rectangles]:
    """What of the picture is read by the input itself, then by every layer in data order."""
    rows, columns = map(Axis, reading.input.maps.extent)
    read: dict[Layer, Rectangles] = {reading.input: ((rows, columns),)}
    for step in reading.layers:
        if len(step.sources) == 1:
            (source,) = step.sources
            read[step] = _after(read[source], step.layer, source.maps, step.maps)
        else:
            with naming(step.name, step.layer):
                parts = [_fitted(read[source], source.maps, step) for source in step.sources]
            read[step] = united(parts)
    return read


def _fitted(read: Rectangles, maps: Maps, step: Layer) -> Rectangles:
    """What is read of one of several sources; a map of one row or column is repeated."""
    if not isinstance(step.layer, Concatenation | Elementwise) or maps.flat:
        raise ValueError("which pixels it reads is not known")
    for axis in (0, 1):
        length, units = maps.extent[axis], step.maps.extent[axis]
        if length != units:  # a window so wide that each unit finds the only row in it
            wide = Step(length, units, Window(units, padding=units - 1), 1, "zeros")
            read = tuple(
                (each[0].then(wide), each[1]) if axis == 0 else (each[0], each[1].then(wide))
                for each in read
            )
    return read


def _after(read: Rectangles, layer: nn.Module, before: Maps, after: Maps) -> Rectangles:
    """What is read after a layer; one that neither slides nor pads adds no step."""
    if (after.field, after.extent) == (before.field, before.extent):
        return read
    down, across = (_along(axis, layer, before, after) for axis in (0, 1))
    return tuple((rows.then(down), columns.then(across)) for rows, columns in read)


def _along(axis: int, layer: nn.Module, before: Maps, after: Maps) -> AxisStep:
    window = _alone(_axis(before.field, axis), _axis(after.field, axis))
    length, units, slides = before.extent[axis], after.extent[axis], sliding(layer)
    if isinstance(layer, nn.AdaptiveAvgPool2d | nn.AdaptiveMaxPool2d):
        return Parts(length, units, window)
    return Step(length, units, window, slides.dilation[axis], slides.border)


def _axis(field: ReceptiveField, axis: int) -> Window:
    return (field.rows, field.columns)[axis]


def _alone(before: Window, after: Window) -> Window:
    """The window of a layer in its own input: `after` is `before.then` this window."""
    return Window(
        (after.size - before.size) // before.stride + 1,
        after.stride // before.stride,
        (after.padding - before.padding) // before.stride,
    )


def _shifted(box: tuple[int, Read], start: int, length: int) -> Read:
    """A box in a frame that begins at `start`; what lies outside of it is padding, never read."""
    first, read = box
    framed = bytes(max(0, first - start)) + read[max(0, start - first) :]
    return framed[:length].ljust(length, bytes(1))


def _inside(first: int, length: int, limit: int) -> int:
    """The number of `length` positions from `first` on that lie between 0 and `limit`."""
    return max(0, min(first + length, limit) - max(first, 0))


def _mask(rows: Read, columns: Read) -> Tensor:
    down, right = (torch.tensor(list(read), dtype=torch.bool) for read in (rows, columns))
    return down[:, None] & right
