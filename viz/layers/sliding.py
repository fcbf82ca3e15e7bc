"""Sliding windows: the settings of torch's convolutions, pools and pads in one form."""

from __future__ import annotations

from functools import singledispatch
from typing import NamedTuple

from torch import nn

from viz.layers.log_mean_exp_pooling import LogMeanExpPool

Pair = tuple[int, int]  # (rows, columns)


class Sliding(NamedTuple):
    """The sliding window of a layer; every pair is (rows, columns).

    Attributes:
        kernel: the number of taps.
        stride: pixels from one unit's window to the next.
        before, after: pixels of padding above and left of the map, below and right of it.
        dilation: pixels from one tap to the next.
        border: the kind of padding: "zeros", or copies of the map, "replicate", "reflect" or
            "circular".
        ceil_mode: whether the last window may reach beyond the padding.
    """

    kernel: Pair
    stride: Pair = (1, 1)
    before: Pair = (0, 0)
    after: Pair = (0, 0)
    dilation: Pair = (1, 1)
    border: str = "zeros"
    ceil_mode: bool = False

    def taps(self, axis: int, unit: int) -> range:
        """The positions of a unit's taps along an axis, 0 for rows; they may be outside the map.

        >>> list(Sliding((3, 3), stride=(2, 2), before=(1, 1)).taps(0, 0))
        [-1, 0, 1]
        """
        first = unit * self.stride[axis] - self.before[axis]
        return range(first, first + self.kernel[axis] * self.dilation[axis], self.dilation[axis])


def position_read(place: int, length: int, border: str) -> int | None:
    """The position of the map that a padded position copies; None for zero padding.

    Args:
        place: a position along one axis; below 0 and from `length` on it is in the padding.
        length: the length of the map along that axis.
        border: see `Sliding`.

    >>> [position_read(-2, 5, border) for border in ("zeros", "replicate", "reflect", "circular")]
    [None, 0, 2, 3]
    """
    last = length - 1
    if 0 <= place <= last:
        return place
    if border == "replicate":
        return min(max(place, 0), last)
    if border == "reflect":
        place %= max(1, 2 * last)  # wider padding is mirrored again
        return min(place, 2 * last - place)
    return place % length if border == "circular" else None


@singledispatch
def sliding(layer: nn.Module) -> Sliding:
    """The sliding window of a layer; one tap for a layer without a window.

    >>> sliding(nn.MaxPool2d(3, stride=2)).stride, sliding(nn.ReLU())[:2]
    ((2, 2), ((1, 1), (1, 1)))
    """
    return Sliding((1, 1))


@sliding.register
def _(layer: nn.Conv2d) -> Sliding:
    kernel, dilation = pair(layer.kernel_size), pair(layer.dilation)
    before, after = _padding(layer, kernel, dilation)
    return Sliding(kernel, pair(layer.stride), before, after, dilation, layer.padding_mode)


@sliding.register
def _(layer: nn.MaxPool2d) -> Sliding:
    kernel, padding = pair(layer.kernel_size), pair(layer.padding)
    stride, dilation = pair(layer.stride), pair(layer.dilation)
    return Sliding(kernel, stride, padding, padding, dilation, ceil_mode=layer.ceil_mode)


@sliding.register
def _(layer: nn.AvgPool2d) -> Sliding:
    kernel, padding = pair(layer.kernel_size), pair(layer.padding)
    return Sliding(kernel, pair(layer.stride), padding, padding, ceil_mode=layer.ceil_mode)


@sliding.register
def _(layer: LogMeanExpPool) -> Sliding:
    padding = pair(layer.padding)
    return Sliding(pair(layer.kernel_size), pair(layer.stride), padding, padding)


@sliding.register
def _(layer: nn.ConstantPad2d | nn.ReplicationPad2d | nn.ReflectionPad2d) -> Sliding:
    left, right, top, bottom = layer.padding
    borders = {nn.ReplicationPad2d: "replicate", nn.ReflectionPad2d: "reflect"}
    border = next((name for kind, name in borders.items() if isinstance(layer, kind)), "zeros")
    return Sliding((1, 1), before=(top, left), after=(bottom, right), border=border)


def pair(sizes: int | tuple[int, ...]) -> Pair:
    """The sizes of both axes, as torch takes one number for both or one for each.

    >>> pair(3), pair((3, 5))
    ((3, 3), (3, 5))
    """
    return (sizes, sizes) if isinstance(sizes, int) else (sizes[0], sizes[1])


def _padding(layer: nn.Conv2d, kernel: Pair, dilation: Pair) -> tuple[Pair, Pair]:
    """Padding before and after; an odd total of "same" padding is larger after, as in torch."""
    if layer.padding == "valid":
        return (0, 0), (0, 0)
    if not isinstance(layer.padding, str):
        return pair(layer.padding), pair(layer.padding)
    rows, columns = (d * (k - 1) for d, k in zip(dilation, kernel, strict=True))
    return (rows // 2, columns // 2), (rows - rows // 2, columns - columns // 2)
