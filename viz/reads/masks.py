"""Masks of the pixels that are read, and their differences from the boxes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from viz.geometry import ReceptiveField, Window
from viz.layers.sliding import sliding
from viz.reads.axis import Axis, Read, Step, beyond_boxes
from viz.trace import LayerRow, layer_rows

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
        unit: row and column in the last map; None for the one in the middle.

    Raises:
        ValueError: if there is no such unit, or `viz.trace.read` has no rule for a layer.

    >>> found = unit_mask(nn.Conv2d(1, 1, 3, dilation=2), (1, 12, 12))
    >>> found.read, found.inside, found.mask[0].int()
    (9, 25, tensor([1, 0, 1, 0, 1], dtype=torch.int32))
    """
    layers = layer_rows(network, input_shape)
    if layers and len(layers[-1].output_shape) != 3:
        raise ValueError("a vector has no rows and columns")
    axes = _axes(network, input_shape, layers)[-1]
    height, width = (axis.units for axis in axes)
    unit = unit or (height // 2, width // 2)
    if not (0 <= unit[0] < height and 0 <= unit[1] < width):
        raise ValueError(f"a map of {height}×{width} has no unit {unit}")
    (top, rows), (left, columns) = (axis.box(one) for axis, one in zip(axes, unit, strict=True))
    inside = _inside(top, len(rows), input_shape[1]) * _inside(left, len(columns), input_shape[2])
    return UnitReading(top, left, _mask(rows, columns), inside)


def read_mask(network: nn.Module, input_shape: tuple[int, int, int]) -> Tensor:
    """The exact pixels that any unit of the last map reads.

    Args:
        network, input_shape: as for `unit_mask`.

    Returns:
        bool `(H, W)`, True where a pixel is read.

    >>> read_mask(nn.Sequential(nn.MaxPool2d(1, stride=3), nn.MaxPool2d(2)), (1, 4, 8))[0].int()
    tensor([1, 0, 0, 1, 0, 0, 0, 0], dtype=torch.int32)
    """
    rows, columns = _axes(network, input_shape, layer_rows(network, input_shape))[-1]
    return _mask(rows.read, columns.read)


def holes(
    network: nn.Module, input_shape: tuple[int, ...], layers: Sequence[LayerRow]
) -> dict[str, dict[str, str]]:
    """The rows and columns of the picture that are read, if they differ from the units' boxes.

    Args:
        network, input_shape: as for `unit_mask`.
        layers: their `viz.trace.layer_rows`.

    Returns:
        Name of a layer -> `read_rows`, `read_columns` or both: a 1 for every row that some unit of
        it reads, else a 0. An axis whose boxes are exact is left out, and so is a layer without
        differences.

    >>> network = nn.Sequential(nn.MaxPool2d(1, stride=2), nn.AvgPool2d(2))
    >>> holes(network, (1, 4, 3), layer_rows(network, (1, 4, 3)))
    {'1': {'read_rows': '1010', 'read_columns': '101'}}
    """
    named = {}
    for layer, axes in zip(layers, _axes(network, input_shape, layers)[1:], strict=True):
        names = zip(("read_rows", "read_columns"), map(beyond_boxes, axes), strict=True)
        named[layer.name] = {name: read for name, read in names if read}
    return {name: axes for name, axes in named.items() if axes}


def _axes(
    network: nn.Module, input_shape: tuple[int, ...], layers: Sequence[LayerRow]
) -> list[tuple[Axis, Axis]]:
    """Both axes of the picture, then of the output of every layer."""
    modules = dict(network.named_modules())
    before, (rows, columns) = ReceptiveField(), map(Axis, input_shape[1:])
    axes = [(rows, columns)]
    for layer in layers:
        field, module = layer.receptive_field, modules.get(layer.name, network)
        height, width = _extent(layer, rows.units, columns.units, field != before)
        if field != before or (height, width) != (rows.units, columns.units):
            rows = _after(rows, height, _alone(before.rows, field.rows), module, 0)
            columns = _after(columns, width, _alone(before.columns, field.columns), module, 1)
        before = field
        axes.append((rows, columns))
    return axes


def _after(axis: Axis, units: int, window: Window, layer: nn.Module, number: int) -> Axis:
    slides = sliding(layer)
    step = Step(axis.units, units, window, slides.dilation[number], slides.border)
    return Axis(axis.length, (*axis.steps, step))


def _alone(before: Window, after: Window) -> Window:
    """The window of a layer in its own input: `after` is `before.then` this window."""
    return Window(
        (after.size - before.size) // before.stride + 1,
        after.stride // before.stride,
        (after.padding - before.padding) // before.stride,
    )


def _extent(layer: LayerRow, height: int, width: int, reads_more: bool) -> tuple[int, int]:
    """The extent of a layer's output; flattened maps keep theirs until a linear layer reads all."""
    if len(layer.output_shape) == 3:
        return layer.output_shape[1], layer.output_shape[2]
    return (1, 1) if reads_more else (height, width)


def _inside(first: int, length: int, limit: int) -> int:
    """The number of `length` positions from `first` on that lie between 0 and `limit`."""
    return max(0, min(first + length, limit) - max(first, 0))


def _mask(rows: Read, columns: Read) -> Tensor:
    down, right = (torch.tensor(list(read), dtype=torch.bool) for read in (rows, columns))
    return down[:, None] & right
