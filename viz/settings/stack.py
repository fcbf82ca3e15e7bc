"""A stack of layers that a visitor builds, as a control."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar, NamedTuple

from viz.settings.controls import Control
from viz.text import Text, text

MAX_LAYERS = 64
_LAYER = re.compile(r"([cdma])" + r"\.(\d{1,2})" * 5, re.ASCII)


class Layer(NamedTuple):
    """One layer of a stack that a visitor builds.

    Attributes:
        kind: "c" a convolution, "d" a depthwise one, "m" a max pool, "a" an average pool.
        kernel: rows and columns of its window.
        stride: positions from one window to the next.
        before, after: rows and columns of padding above and left, and below and right.
        dilation: positions from one tap of the window to the next.
    """

    kind: str
    kernel: int
    stride: int = 1
    before: int = 0
    after: int = 0
    dilation: int = 1

    @property
    def span(self) -> int:
        """Positions from the first tap of the window to the last."""
        return self.dilation * (self.kernel - 1) + 1

    @property
    def is_pool(self) -> bool:
        """Whether it has no weights."""
        return self.kind in "ma"


LayerValues = tuple[Layer, ...]


@dataclass(frozen=True)
class Layers(Control[LayerValues]):
    """A stack of layers that the visitor builds, in data order; at least one.

    Attributes:
        by_hand: fields that get these values when the stack is changed by hand.
    """

    default: LayerValues = (Layer("c", 3),)
    by_hand: Mapping[str, object] = dataclasses.field(
        default_factory=lambda: MappingProxyType({}), kw_only=True
    )

    # The largest value of each number of a layer, and of what a whole stack may take.
    most: ClassVar[Mapping[str, int]] = MappingProxyType(
        {"kernel": 15, "stride": 8, "before": 14, "after": 14, "dilation": 12}
    )
    most_taps: ClassVar[int] = 1024  # of all windows of one channel together
    most_stride: ClassVar[int] = 256
    most_field_px: ClassVar[int] = 2048

    def read(self, text: str) -> LayerValues | None:
        read = [_LAYER.fullmatch(part) for part in text.split("_", MAX_LAYERS)]
        found = tuple(Layer(m[1], *map(int, m.groups()[1:])) for m in read if m)
        return found if len(found) == len(read) and self.refused(found) is None else None

    def refused(self, layers: LayerValues) -> Text | None:
        """Why a stack cannot be had, in one sentence; None if it can.

        >>> str(Layers().refused((Layer("m", 3, before=2),)))
        'The padding of a pool is at most half of its window.'
        """
        if not 1 <= len(layers) <= MAX_LAYERS:
            return text("A stack has 1 to {most} layers.", most=MAX_LAYERS)
        known = (self._refused_alone(layer) for layer in layers)
        return next((why for why in known if why is not None), self._refused_together(layers))

    def _refused_alone(self, layer: Layer) -> Text | None:
        numbers = layer._asdict()
        least = {"before": 0, "after": 0}
        if not all(least.get(name, 1) <= numbers[name] <= most for name, most in self.most.items()):
            return text("A number of a layer is too large or too small.")
        pads = max(layer.before, layer.after)
        if layer.is_pool and layer.dilation > 1:
            return text("A pool has no dilation here.")
        if layer.is_pool and pads > layer.kernel // 2:
            return text("The padding of a pool is at most half of its window.")
        if pads >= layer.span:
            return text("A window must reach beyond its padding.")
        return None

    def _refused_together(self, layers: LayerValues) -> Text | None:
        size, stride = 1, 1
        for layer in layers:
            size, stride = size + (layer.span - 1) * stride, stride * layer.stride
        if stride > self.most_stride:
            return text("The strides multiply to more than {most}.", most=self.most_stride)
        if size > self.most_field_px:
            return text("The field is larger than {most} pixels.", most=self.most_field_px)
        if sum(layer.kernel**2 for layer in layers) > self.most_taps:
            return text("All windows together have more than {most} taps.", most=self.most_taps)
        return None
