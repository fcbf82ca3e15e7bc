"""The field of a unit of a trained network: its box, and how much each pixel of it counts."""

from __future__ import annotations

from collections.abc import Generator
from typing import NamedTuple

import torch
from torch import Tensor, nn

from viz.geometry import ReceptiveField
from viz.lessons.effective_field import in_box, side_holding, squared_gradient
from viz.lessons.framing import Box
from viz.trace import receptive_field

Unit = tuple[int, int]


class Seen(NamedTuple):
    """What a unit sees of a picture.

    Attributes:
        draws: how many gradients it is the mean of.
        box: the receptive field on the picture; some of it may lie outside.
        energy: `(height, width)` of the box, double: the mean squared gradient.
    """

    draws: int
    box: Box
    energy: Tensor

    @property
    def side_px(self) -> int:
        """The side of the middle square of the box that holds 95 % of the squared gradient."""
        return side_holding(self.energy) if self.energy.any() else len(self.energy)


def box_of(field: ReceptiveField, unit: Unit) -> Box:
    """The pixels in the box of a unit.

    >>> box_of(ReceptiveField((3, 3), (2, 2), (1, 1)), (0, 4))
    Box(top=-1, left=7, bottom=2, right=10)
    """
    (top, bottom), (left, right) = field.rows.seen(unit[0]), field.columns.seen(unit[1])
    return Box(top, left, bottom + 1, right + 1)


def seen(
    part: nn.Module, x: Tensor, unit: Unit, draws: int, channel: int | None = None
) -> Generator[Seen, None, Seen]:
    """The squared gradient of a unit in the pixels, summed over colours.

    All channels of the unit count alike: they are added with random signs, whose products average
    to zero over the draws. One channel needs no signs and a single draw.

    Args:
        part: from the picture to the layer, without its ReLU, on the CPU.
        x: the picture as the network takes it, `(C, H, W)`.
        unit: row and column of the layer's map.
        draws: of random signs.
        channel: the only one that counts; None for all.

    Yields:
        The mean so far.
    """
    box = box_of(receptive_field(part, (x.shape[0], x.shape[1], x.shape[2])), unit)
    size = (box.bottom - box.top, box.right - box.left)
    total = torch.zeros(size, dtype=torch.float64)
    for draw in range(draws if channel is None else 1):
        energy = squared_gradient(part, x, unit, draw, channel)
        total = total + in_box(energy, -box.top, -box.left, size)
        found = Seen(draw + 1, box, total / (draw + 1))
        yield found
    return found
