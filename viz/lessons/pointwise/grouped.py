"""The cost of a 1×1 layer for every possible number of groups."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from torch import nn

from viz.lessons.pointwise.stages import common_divisors
from viz.trace import cost


@dataclass(frozen=True)
class Grouped:
    """One number of groups.

    Attributes:
        groups: the number of groups; as many as channels is depthwise.
        reads: the number of channels that an output reads.
        parameters, macs: exact, without biases.
        share: parameters, and MACs, divided by those of the dense layer.
    """

    groups: int
    reads: int
    parameters: int
    macs: int
    share: Fraction


def grouped(inputs: int, outputs: int, height: int, width: int) -> tuple[Grouped, ...]:
    """The costs from a dense layer to the largest number of groups.

    Args:
        inputs, outputs: channels of the layer.
        height, width: of the maps.

    >>> [(each.groups, each.parameters) for each in grouped(16, 16, 100, 150)]
    [(1, 256), (2, 128), (4, 64), (8, 32), (16, 16)]
    """
    rows = []
    for groups in common_divisors(inputs, outputs):
        layer = nn.Conv2d(inputs, outputs, 1, groups=groups, bias=False, device="meta")
        total = cost(layer, (inputs, height, width))
        share = Fraction(total.parameters, inputs * outputs)
        rows.append(Grouped(groups, inputs // groups, total.parameters, total.macs, share))
    return tuple(rows)
