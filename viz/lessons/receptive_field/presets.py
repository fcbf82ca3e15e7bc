"""The networks of the menu: how their fields grow, and the stack of their longest path."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from torch import nn

from viz.geometry import ReceptiveField
from viz.layers.same_padding import SamePad
from viz.layers.sliding import sliding
from viz.lessons.receptive_field.growth import Growth, growth
from viz.lessons.receptive_field.stack import field_of
from viz.networks import NotLoaded, menu
from viz.settings import Layer, Layers, LayerValues
from viz.text import Text
from viz.trace import Step
from viz.trace.flow import flow


class Preset(NamedTuple):
    """A network of the menu.

    Attributes:
        title: its name.
        rows: its layers; empty if it cannot be read.
        layers: the longest path up to the last feature map, as a stack; None if a layer on it
            cannot be in a stack.
        last: name of the last layer before the head; empty if it cannot be read.
        field: of a unit of that layer's output; None if it cannot be read.
        why: why it cannot be read, in one sentence.
    """

    title: str
    rows: tuple[Growth, ...] = ()
    layers: LayerValues | None = None
    last: str = ""
    field: ReceptiveField | None = None
    why: Text | str = ""

    @property
    def is_whole(self) -> bool:
        """Whether the stack has the field of all branches together."""
        if self.layers is None or self.field is None:
            return False
        found = field_of(self.layers)
        whole = (self.field.size, self.field.stride, self.field.padding)
        return (found.size, found.stride, found.padding) == whole

    @property
    def is_chain(self) -> bool:
        """Whether it has no branches."""
        return all(len(row.sources) == 1 for row in self.rows)


@lru_cache(maxsize=32)
def preset(name: str) -> Preset:
    """A network of the menu, read without its weights; one that cannot be read says why."""
    network = menu().networks[name]
    try:
        reading = flow(network.on_meta(), network.input_shape)
    except NotLoaded as error:
        return Preset(network.title, why=error.sentence)
    except ValueError as error:
        return Preset(network.title, why=str(error))
    path = longest_path(reading.output)
    return Preset(network.title, growth(reading), as_stack(path), path[-1].name, path[-1].maps.seen)


def as_stack(path: Sequence[Step]) -> LayerValues | None:
    """The layers of a path as a stack; None if one of them cannot be in a stack.

    >>> from viz.trace.flow import flow
    >>> network = nn.Sequential(nn.ZeroPad2d((0, 1, 0, 1)), nn.Conv2d(3, 8, 3, 2), nn.ReLU())
    >>> as_stack(longest_path(flow(network, (3, 8, 8)).output))
    (Layer(kind='c', kernel=3, stride=2, before=0, after=1, dilation=1),)
    """
    layers, before, after = [], 0, 0
    for step in path:
        made = _as_layer(step, before, after)
        if made is None:
            return None
        if isinstance(made, Layer):
            layers.append(made)
            before, after = 0, 0
        else:
            before, after = made
    return tuple(layers) if Layers().refused(tuple(layers)) is None else None


def longest_path(output: Step) -> list[Step]:
    """The steps from the input on, at a join along the branch that sees most, without the head.

    The head begins at the first window that holds a whole map of several positions: it has one unit
    left, of which no picture can be drawn.
    """
    path = [output]
    while path[-1].sources:
        path.append(max(path[-1].sources, key=lambda step: step.maps.field.size))
    path = path[-2::-1]
    head = next((at for at, step in enumerate(path) if step.maps.extent == (1, 1)), len(path))
    flat = next((at for at, step in enumerate(path) if step.maps.flat), len(path))
    return path[: min(head, flat)] or path[:1]


def _as_layer(step: Step, before: int, after: int) -> Layer | tuple[int, int] | None:
    """A step as a layer of a stack, or the padding so far for the next one; None if it is neither."""
    layer, source = step.layer, step.sources[0]
    height = source.maps.extent[0]
    slides = sliding(layer)
    if len({*slides.kernel, *slides.kernel}) > 1 or len(set(zip(*slides[:5], strict=True))) > 1:
        return None  # not square
    kernel, stride, pads, ends, dilation = (both[0] for both in slides[:5])
    if isinstance(layer, nn.ConstantPad2d):
        return before + pads, after + ends
    if isinstance(layer, SamePad):
        first, last = layer.margins(height)
        return before + first, after + last
    if not isinstance(layer, nn.Conv2d | nn.MaxPool2d | nn.AvgPool2d):
        moved = step.maps.field.size != max(each.maps.field.size for each in step.sources)
        return None if moved else (before, after)
    span, units = dilation * (kernel - 1) + 1, step.maps.extent[0]
    missing = (units - 1) * stride + span - (height + pads + ends)  # of a size that is rounded up
    whole = before + pads, after + ends + max(0, missing)
    return Layer(_kind(layer), kernel, stride, *whole, dilation)


def _kind(layer: nn.Module) -> str:
    if isinstance(layer, nn.MaxPool2d):
        return "m"
    if isinstance(layer, nn.AvgPool2d):
        return "a"
    assert isinstance(layer, nn.Conv2d)
    return "d" if layer.groups == layer.in_channels == layer.out_channels > 1 else "c"


def without_pointwise(layers: Sequence[Layer]) -> LayerValues:
    """The layers that see more than one pixel, or leave some out."""
    return tuple(layer for layer in layers if layer.kernel > 1 or layer.stride > 1)
