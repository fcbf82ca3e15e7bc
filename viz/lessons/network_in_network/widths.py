"""The parameters and MACs of the block on screen, wider and deeper: counted from layers."""

from __future__ import annotations

from collections import OrderedDict
from itertools import pairwise
from typing import NamedTuple

from torch import nn

from viz.lessons.lesson import Built
from viz.lessons.network_in_network.setting import Setting
from viz.trace import cost

MOST_TIMES = 8


class Sizes(NamedTuple):
    """The numbers that determine a block.

    Attributes:
        kernel_px: side of the filters, which read the brightness.
        filters, hidden, outputs: units of its layers.
        layers: 1×1 layers; those between the first and the last keep the hidden width.
    """

    kernel_px: int
    filters: int
    hidden: int
    outputs: int
    layers: int = 2

    def wider(self, times: int) -> Sizes:
        """Every layer with that many times as many units."""
        units = {name: times * getattr(self, name) for name in ("filters", "hidden", "outputs")}
        return self._replace(**units)

    def deeper(self, times: int) -> Sizes:
        """That many times as many 1×1 layers."""
        return self._replace(layers=times * self.layers)


class Counts(NamedTuple):
    """Exact counts of a block: parameters of its filters and of its 1×1 layers, MACs of both."""

    of_filters: int
    of_mixing: int
    macs: int

    @property
    def parameters(self) -> int:
        """All parameters."""
        return self.of_filters + self.of_mixing


def sizes(built: Built[Setting]) -> Sizes:
    """The sizes of the block on screen."""
    hidden, outputs = built.mixing("hidden"), built.mixing("outputs")
    units = hidden.in_channels, hidden.out_channels, outputs.out_channels
    return Sizes(built.setting.kernel_px, *units)


def counted(of: Sizes, height: int, width: int) -> Counts:
    """The counts of a block for a picture of that size; its weights take no memory.

    >>> counted(Sizes(7, filters=8, hidden=3, outputs=4), 10, 10)
    Counts(of_filters=395, of_mixing=36, macs=43100)
    """
    widths = [of.filters, *[of.hidden] * (of.layers - 1), of.outputs]
    filters = OrderedDict[str, nn.Module](
        brightness=nn.Conv2d(3, 1, 1, bias=False, device="meta"),
        filters=nn.Conv2d(
            1, of.filters, of.kernel_px, padding=of.kernel_px // 2, bias=False, device="meta"
        ),
    )
    mixing = nn.Sequential(
        *(nn.Conv2d(*units, 1, bias=False, device="meta") for units in pairwise(widths))
    )
    first = cost(nn.Sequential(filters), (3, height, width))
    then = cost(mixing, (of.filters, height, width))
    return Counts(first.parameters, then.parameters, first.macs + then.macs)
