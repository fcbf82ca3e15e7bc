"""The inputs that each kind of layer reads for one number of its map: one rule a kind."""

from __future__ import annotations

from functools import singledispatch
from itertools import product
from math import exp, log, prod
from typing import Literal, NamedTuple

from torch import Tensor, nn

from viz.layers.branches import AppendDifference
from viz.layers.channel_shuffle import PickChannels
from viz.layers.crop import CentreCrop, GrownSquare, first_kept
from viz.layers.cross_channel_pooling import Maxout, PoolChannels, PoolParts, WinningChannel
from viz.layers.log_mean_exp_pooling import LogMeanExpPool
from viz.layers.same_padding import SamePad
from viz.layers.sliding import position_read, sliding

Operation = Literal["sum", "max", "mean", "log-mean-exp", "copy"]
Place = tuple[int, int, int]  # channel, row, column


class Terms(NamedTuple):
    """The terms of one number of a layer's map, see `Arithmetic`.

    Attributes:
        gives_index: whether the layer gives the index of the largest input, not its value.
        beta: of a log-mean-exp.
    """

    operation: Operation
    places: list[Place]
    weights: list[float]
    bias: float = 0.0
    pieces: tuple[float, ...] = ()
    gives_index: bool = False
    beta: float = 0.0

    def combined(self, products: list[float]) -> float:
        """The number that the products give, without the bias."""
        if self.operation == "max":
            return max(products)
        if self.operation == "log-mean-exp":
            largest = max(products)
            powers = [exp(self.beta * (each - largest)) for each in products]
            return largest + log(sum(powers) / len(powers)) / self.beta
        return sum(products)


@singledispatch
def terms_of(layer: nn.Module, x: Tensor, unit: Place) -> Terms:
    """The terms of a unit of a layer that reads several inputs, or one at another place."""
    raise NotImplementedError


def reads_several(layer: nn.Module) -> bool:
    return terms_of.dispatch(type(layer)) is not terms_of.dispatch(object)


@terms_of.register
def _(layer: nn.Conv2d, x: Tensor, unit: Place) -> Terms:
    """Terms over the kernel's window in the unit's group of channels.

    Places in zero padding add nothing and are left out. If padding copies the map, several taps
    may read one pixel: they are one term, with their weights added.
    """
    channel, row, column = unit
    kernel = layer.weight[channel].double()
    first = channel * layer.groups // layer.out_channels * len(kernel)
    window = _window(layer, x, row, column)
    weights: dict[Place, float] = {}
    for c, plane in enumerate(kernel.tolist(), first):
        for i, j, *pixel in window:
            place = (c, pixel[0], pixel[1])
            weights[place] = weights.get(place, 0.0) + plane[i][j]
    bias = 0.0 if layer.bias is None else float(layer.bias[channel])
    return Terms("sum", list(weights), list(weights.values()), bias)


@terms_of.register
def _(layer: nn.MaxPool2d, x: Tensor, unit: Place) -> Terms:
    channel, row, column = unit
    places = [(channel, r, s) for _, _, r, s in _window(layer, x, row, column)]
    return Terms("max", places, [1.0] * len(places))


@terms_of.register
def _(layer: nn.AdaptiveAvgPool2d | nn.AdaptiveMaxPool2d, x: Tensor, unit: Place) -> Terms:
    """Unit u of U reads ⌊u·length/U⌋ to ⌈(u+1)·length/U⌉ − 1 along each axis."""
    channel, *place = unit
    units = layer(x).shape[1:]
    rows, columns = (
        range(u * length // of, -(-(u + 1) * length // of))
        for u, length, of in zip(place, x.shape[1:], units, strict=True)
    )
    places = [(channel, row, column) for row, column in product(rows, columns)]
    if isinstance(layer, nn.AdaptiveMaxPool2d):
        return Terms("max", places, [1.0] * len(places))
    return Terms("mean", places, [1 / len(places)] * len(places))


@terms_of.register
def _(
    layer: nn.ConstantPad2d | nn.ReplicationPad2d | nn.ReflectionPad2d, x: Tensor, unit: Place
) -> Terms:
    """A copy of one pixel; a constant that is padded reads none."""
    channel, row, column = unit
    places = [(channel, r, s) for _, _, r, s in _window(layer, x, row, column)]
    if places:
        return Terms("copy", places, [1.0])
    return Terms("sum", [], [], bias=float(getattr(layer, "value", 0.0)))


@terms_of.register
def _(layer: LogMeanExpPool, x: Tensor, unit: Place) -> Terms:
    channel, row, column = unit
    places = [(channel, r, s) for _, _, r, s in _window(layer, x, row, column)]
    return Terms("log-mean-exp", places, [1.0] * len(places), beta=layer.beta)


@terms_of.register
def _(layer: AppendDifference, x: Tensor, unit: Place) -> Terms:
    """A difference; what is only passed on is followed to where it comes from, see `arithmetic`."""
    channel, row, column = unit
    half = len(x) // 2
    places = [(channel - 2 * half, row, column), (channel - half, row, column)]
    return Terms("sum", places, [1.0, -1.0])


@terms_of.register
def _(layer: nn.AvgPool2d, x: Tensor, unit: Place) -> Terms:
    """A mean of the pixels read; if padding is counted too, a sum with smaller weights."""
    channel, row, column = unit
    places = [(channel, r, s) for _, _, r, s in _window(layer, x, row, column)]
    divisor = layer.divisor_override or len(places)
    if layer.count_include_pad and not layer.divisor_override:
        divisor = _with_padding(layer, x, row, column)
    operation: Operation = "mean" if divisor == len(places) else "sum"
    return Terms(operation, places, [1 / divisor] * len(places))


@terms_of.register
def _(layer: PoolChannels, x: Tensor, unit: Place) -> Terms:
    channel, row, column = unit
    places = [(channel * layer.group + k, row, column) for k in range(layer.group)]
    weight = 1.0 if layer.mode == "max" else 1 / layer.group
    return Terms(layer.mode, places, [weight] * layer.group)


@terms_of.register
def _(layer: PoolParts, x: Tensor, unit: Place) -> Terms:
    part, row, column = unit
    places = [(channel, row, column) for channel in layer.group(part, len(x))]
    weight = 1.0 if layer.mode == "max" else 1 / len(places)
    return Terms(layer.mode, places, [weight] * len(places))


@terms_of.register
def _(layer: PickChannels, x: Tensor, unit: Place) -> Terms:
    channel, row, column = unit
    return Terms("copy", [(layer.channels[channel], row, column)], [1.0])


@terms_of.register
def _(layer: CentreCrop, x: Tensor, unit: Place) -> Terms:
    channel, *place = unit
    sizes = zip(place, x.shape[1:], strict=True)
    row, column = (at + first_kept(length, layer.side_px) for at, length in sizes)
    return Terms("copy", [(channel, row, column)], [1.0])


@terms_of.register
def _(layer: GrownSquare | SamePad, x: Tensor, unit: Place) -> Terms:
    """A copy of one pixel; what lies beyond the map reads none."""
    channel, *place = unit
    sizes = x.shape[1:]
    row, column = (at - layer.margins(length)[0] for at, length in zip(place, sizes, strict=True))
    if 0 <= row < sizes[0] and 0 <= column < sizes[1]:
        return Terms("copy", [(channel, row, column)], [1.0])
    return Terms("sum", [], [])


@terms_of.register
def _(layer: WinningChannel, x: Tensor, unit: Place) -> Terms:
    return terms_of(PoolChannels(layer.group), x, unit)._replace(gives_index=True)


@terms_of.register
def _(layer: Maxout, x: Tensor, unit: Place) -> Terms:
    channel, row, column = unit
    pixel = x[:, row, column].double()
    pieces = layer.weight[channel].double() @ pixel + layer.bias[channel]
    best = int(pieces.argmax())
    places = [(c, row, column) for c in range(layer.channels)]
    weights = layer.weight[channel, best].double().tolist()
    return Terms("sum", places, weights, float(layer.bias[channel, best]), tuple(pieces.tolist()))


def _window(layer: nn.Module, x: Tensor, row: int, column: int) -> list[tuple[int, int, int, int]]:
    """The pixel that each tap (i, j) of a unit's window reads: (i, j, row, column).

    Taps in zero padding, or beyond the padding, read no pixel and are left out.
    """
    slides = sliding(layer)
    read = []
    for axis, (unit, length) in enumerate(zip((row, column), x.shape[1:], strict=True)):
        taps = enumerate(slides.taps(axis, unit))
        pixels = [(tap, position_read(place, length, slides.border)) for tap, place in taps]
        read.append([(tap, pixel) for tap, pixel in pixels if pixel is not None])
    return [(i, j, r, s) for (i, r), (j, s) in product(*read)]


def _with_padding(layer: nn.AvgPool2d, x: Tensor, row: int, column: int) -> int:
    """The number of taps of a unit's window that lie in the map or in its padding."""
    slides = sliding(layer)
    ends = [length + after for length, after in zip(x.shape[1:], slides.after, strict=True)]
    places = [slides.taps(axis, unit) for axis, unit in enumerate((row, column))]
    return prod(sum(p < end for p in taps) for taps, end in zip(places, ends, strict=True))
