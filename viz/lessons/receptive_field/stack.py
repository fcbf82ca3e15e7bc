"""A stack of layers on maps of a size: the padding that each layer needs there, and its modules."""

from __future__ import annotations

from collections import OrderedDict
from functools import lru_cache
from math import inf
from typing import NamedTuple

from torch import Tensor, nn

from viz.geometry import ReceptiveField, Window, output_size
from viz.layers.max_pooling import MaxPool
from viz.layers.pointwise import Pointwise
from viz.layers.recipes import Recipe, centred_rows, gathering_rows, he_rows
from viz.layers.seeding import with_recipe
from viz.settings import Layer, LayerValues

WIDTH = 8  # channels after a convolution


class Fitted(NamedTuple):
    """A layer of a stack where maps of a size reach it.

    Attributes:
        layer: as the visitor asked for it.
        pads: left, right, top, bottom; larger right and below than was asked for, if the window
            would not fit even once.
        extent: (height, width) after it.
    """

    layer: Layer
    pads: tuple[int, int, int, int]
    extent: tuple[int, int]

    @property
    def is_enlarged(self) -> bool:
        """Whether its window would not have fitted."""
        return max(self.pads[1], self.pads[3]) > self.layer.after


@lru_cache(maxsize=256)
def fitted(layers: LayerValues, extent: tuple[int, int]) -> tuple[Fitted, ...]:
    """Every layer of a stack on a picture of (height, width).

    Where a window is larger than the maps that are left, zeros are added below and right until one
    unit is left. So the field of a stack is the same on every picture.

    >>> five, (height, width) = Layer("c", 5), (4, 9)
    >>> [(each.pads, each.extent) for each in fitted((five, five), (height, width))]
    [((0, 0, 0, 1), (1, 5)), ((0, 0, 0, 4), (1, 1))]
    """
    found = []
    for layer in layers:
        below, right = (_after(layer, length) for length in extent)
        extent = _left(layer, extent[0], below), _left(layer, extent[1], right)
        found.append(Fitted(layer, (layer.before, right, layer.before, below), extent))
    return tuple(found)


def _after(layer: Layer, length: int) -> int:
    return max(layer.after, layer.span - layer.before - length)


def _left(layer: Layer, length: int, after: int) -> int:
    return output_size(
        length, layer.kernel, layer.stride, layer.before, after, dilation=layer.dilation
    )


def field_of(layers: LayerValues) -> ReceptiveField:
    """The receptive field of a unit of the last layer, by the recurrence alone.

    >>> field_of((Layer("c", 3, 2, 1, 1), Layer("c", 1), Layer("c", 3))).size
    (7, 7)
    """
    field = ReceptiveField()
    for layer in layers:
        window = Window(layer.span, layer.stride, layer.before)
        field = field.then(window, window)
    return field


def module(
    fit: Fitted, channels: int, *, relu: bool, seed: int, gathers: bool = False
) -> nn.Sequential:
    """The modules of one layer: its padding if the window cannot do it, the window, its ReLU.

    Args:
        fit: the layer and its padding.
        channels: that reach it.
        relu: whether a convolution is followed by one.
        seed: of its weights.
        gathers: whether its weights gather what an earlier layer found; else they look for
            differences of neighbours.
    """
    layer, pads = fit.layer, fit.pads
    made: OrderedDict[str, nn.Module] = OrderedDict()
    alike = len(set(pads)) == 1
    if not alike and layer.kind == "m":
        made["pad"] = nn.ConstantPad2d(pads, -inf)  # what is padded is never the largest
    elif not alike:
        made["pad"] = nn.ZeroPad2d(pads)
    made["window"] = _window(layer, pads[0] if alike else 0, channels, seed, gathers)
    if relu and not layer.is_pool:
        made["relu"] = nn.ReLU()
    return nn.Sequential(made)


def _window(layer: Layer, padding: int, channels: int, seed: int, gathers: bool) -> nn.Module:
    if layer.kind == "m":
        return MaxPool(layer.kernel, layer.stride, padding)
    if layer.kind == "a":
        return nn.AvgPool2d(layer.kernel, layer.stride, padding)
    if layer.kind == "c" and layer.kernel == 1:
        rows, recipe = _drawn(WIDTH, channels, channels if gathers else 1, seed, gathers)
        return Pointwise(rows, stride=layer.stride, recipe=recipe)
    outputs, groups = (channels, channels) if layer.kind == "d" else (WIDTH, 1)
    numbers = (layer.kernel, layer.stride, padding, layer.dilation, groups)
    made = nn.Conv2d(channels, outputs, *numbers, bias=False, device="meta")
    rows, recipe = _drawn(outputs, made.weight[0].numel(), len(made.weight[0]), seed, gathers)
    made.weight = nn.Parameter(rows.view(made.weight.shape), requires_grad=False)
    return with_recipe(made, recipe)


def _drawn(
    outputs: int, inputs: int, parts: int, seed: int, gathers: bool
) -> tuple[Tensor, Recipe]:
    arguments = (("outputs", outputs), ("inputs", inputs), ("parts", parts), ("seed", seed))
    if gathers:
        return gathering_rows(outputs, inputs, parts, seed), Recipe(gathering_rows, arguments)
    rows = centred_rows(outputs, inputs, parts, seed)
    return rows, Recipe(centred_rows, arguments, helpers=(he_rows,))
