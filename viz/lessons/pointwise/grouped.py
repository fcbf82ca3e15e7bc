"""What a 1×1 layer costs in every number of groups that its channels allow."""

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
        groups: into how many the channels are cut; as many as there are is depthwise.
        reads: how many channels an output reads.
        parameters, macs: exact, without biases.
        share: parameters, and MACs, divided by those of the dense layer.
    """

    groups: int
    reads: int
    parameters: int
    macs: int
    share: Fraction


def grouped(inputs: int, outputs: int, height: int, width: int) -> tuple[Grouped, ...]:
    """From dense to as many groups as there can be.

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
