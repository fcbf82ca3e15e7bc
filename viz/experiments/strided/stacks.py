"""Which pixels a stack of layers really reads: its receptive field with the holes in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from viz.layers.downsampling import binomial_window
from viz.layers.pointwise import Pointwise
from viz.trace import layer_rows, receptive_field

Unit = tuple[int, int]  # row, column


@dataclass(frozen=True)
class UnitReading:
    """What one unit reads of the picture.

    Attributes:
        top, left: where the box of its receptive field begins; may lie outside the picture.
        mask: bool `(h, w)`, that box: True where a pixel is read. Where the box sticks out of the
            picture nothing is.
    """

    top: int
    left: int
    mask: Tensor

    @property
    def read(self) -> int:
        """How many pixels are read, of `mask.numel()` in the box."""
        return int(self.mask.sum())


def unit_mask(
    network: nn.Module, input_shape: tuple[int, int, int], unit: Unit | None = None
) -> UnitReading:
    """Exactly which pixels one unit of the last map reads, holes included.

    A receptive field is usually given as a box. Behind a stride larger than the kernel most of
    the box is never looked at.

    Args:
        network: a chain (nn.Sequential) of convolutions, pools and layers that work on every
            pixel alone; on any device, `meta` included, for it is never run.
        input_shape: `(C, H, W)`, without batch.
        unit: row and column in the last map; None for the one in the middle.

    Raises:
        ValueError: if there is no such unit, or a layer is none of those.

    >>> holes = unit_mask(stride_then_window(2), (1, 12, 12))
    >>> holes.read, holes.mask.numel(), holes.mask[0].int()
    (9, 25, tensor([1, 0, 1, 0, 1], dtype=torch.int32))
    """
    height, width = _extents(network, input_shape)[-1]
    row, column = unit or (height // 2, width // 2)
    if not (0 <= row < height and 0 <= column < width):
        raise ValueError(f"a map of {height}×{width} has no unit {(row, column)}")
    wanted = torch.arange(height) == row, torch.arange(width) == column
    rows, columns = _pushed_back(network, input_shape, wanted)
    field = receptive_field(network, input_shape)
    (top, bottom), (left, right) = field.rows.seen(row), field.columns.seen(column)
    boxed = [_cut(rows, top, bottom), _cut(columns, left, right)]
    return UnitReading(top, left, boxed[0][:, None] & boxed[1])


def read_mask(network: nn.Module, input_shape: tuple[int, int, int]) -> Tensor:
    """Exactly which pixels any unit of the last map reads.

    Args:
        network, input_shape: as for `unit_mask`.

    Returns:
        bool `(H, W)`, True where a pixel is read.

    >>> read = read_mask(strided_stack(3, 2), (1, 64, 64))
    >>> read.sum() / read.numel() * 64
    tensor(1.)
    """
    height, width = _extents(network, input_shape)[-1]
    every = torch.ones(height, dtype=torch.bool), torch.ones(width, dtype=torch.bool)
    rows, columns = _pushed_back(network, input_shape, every)
    return rows[:, None] & columns


def strided_stack(layers: int, stride: int) -> nn.Sequential:
    """So many strided 1×1 layers of one channel, one after the other.

    >>> strided_stack(3, 2)(torch.zeros(1, 64, 64)).shape
    torch.Size([1, 8, 8])
    """
    return nn.Sequential(*(Pointwise(torch.ones(1, 1), stride=stride) for _ in range(layers)))


def stride_then_window(stride: int) -> nn.Sequential:
    """A strided 1×1, then a 3×3: its field has holes.

    >>> stride_then_window(2)(torch.zeros(1, 64, 64)).shape
    torch.Size([1, 32, 32])
    """
    return nn.Sequential(*strided_stack(1, stride), binomial_window(1))


# Every layer here reads a rectangle of rows and columns, or a lattice in one; so rows and columns
# are pushed back on their own, and a pixel is read where both its row and its column are.


def _pushed_back(
    network: nn.Module, input_shape: tuple[int, int, int], wanted: tuple[Tensor, Tensor]
) -> tuple[Tensor, Tensor]:
    """The rows and columns of the input that the wanted ones of the output need."""
    extents = _extents(network, input_shape)
    rows, columns = wanted
    passed = list(zip(_chain(network), extents[:-1], extents[1:], strict=True))
    for layer, before, after in reversed(passed):
        if isinstance(layer, nn.Conv2d | nn.MaxPool2d | nn.AvgPool2d):
            rows, columns = (
                _read_by(wanted, before[axis], layer, axis)
                for axis, wanted in enumerate((rows, columns))
            )
        elif before != after:
            raise ValueError(f"no rule says which pixels a {type(layer).__name__} reads")
    return rows, columns


def _read_by(units: Tensor, length: int, layer: nn.Module, axis: int) -> Tensor:
    """Which positions along one axis a layer's units read; padding is no position."""
    kernel, stride, padding, dilation = (
        _along(getattr(layer, name, 1), axis)
        for name in ("kernel_size", "stride", "padding", "dilation")
    )
    taps = torch.arange(kernel) * dilation - padding
    places = (units.nonzero() * stride + taps).flatten()
    read = torch.zeros(length, dtype=torch.bool)
    read[places[(places >= 0) & (places < length)]] = True
    return read


def _along(sizes: int | tuple[int, ...], axis: int) -> int:
    return sizes if isinstance(sizes, int) else sizes[axis]


def _extents(network: nn.Module, input_shape: tuple[int, int, int]) -> list[tuple[int, int]]:
    """Height and width of the input and of what leaves every layer."""
    shapes = [input_shape, *(row.output_shape for row in layer_rows(network, input_shape))]
    if any(len(shape) != 3 for shape in shapes):
        raise ValueError("a vector has no rows and columns")
    return [(shape[1], shape[2]) for shape in shapes]


def _chain(network: nn.Module) -> Iterator[nn.Module]:
    if isinstance(network, nn.Sequential):
        for layer in network:
            yield from _chain(layer)
    else:
        yield network


def _cut(read: Tensor, first: int, last: int) -> Tensor:
    """Positions first to last; those outside are not read."""
    places = torch.arange(first, last + 1)
    inside = (places >= 0) & (places < len(read))
    return inside & read[places.clamp(0, len(read) - 1)]
