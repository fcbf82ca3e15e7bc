"""What one unit of each branch sees of the photo, and one of the joined maps."""

from __future__ import annotations

from typing import NamedTuple

from torch import nn

from viz.geometry import Interval, ReceptiveField
from viz.lessons.inception.module import BRANCHES, chain, module
from viz.lessons.inception.setting import Setting
from viz.lessons.lesson import Built, Unit
from viz.trace import layer_rows, receptive_field

Box = tuple[Interval, Interval]  # rows and columns of the photo, first and last; may lie outside


class Fields(NamedTuple):
    """The receptive fields of a module.

    Attributes:
        inside: by branch, in the maps that reach the module.
        branches: by branch, in the photo.
        joined: of the concatenation, in the photo.
        units: rows and columns of the module's maps.
    """

    inside: dict[str, ReceptiveField]
    branches: dict[str, ReceptiveField]
    joined: ReceptiveField
    units: tuple[int, int]

    def boxes(self, unit: tuple[int, int]) -> dict[str, Box]:
        """What a unit of each branch sees."""
        return {name: box(field, unit) for name, field in self.branches.items()}

    def nearest(self, unit: Unit) -> tuple[int, int]:
        """The unit of the module that was clicked; for a pixel of the photo, one that sees it."""
        place = (unit.row, unit.column)
        if unit.stage == "picture":
            rows, columns = self.joined.rows, self.joined.columns
            both = (rows.seen_by(unit.row), columns.seen_by(unit.column))
            place = (_middle(both[0]), _middle(both[1]))
        row, column = (
            min(max(at, 0), count - 1) for at, count in zip(place, self.units, strict=True)
        )
        return row, column


def fields(built: Built[Setting], picture: tuple[int, int, int]) -> Fields:
    """The fields of all branches and of what they are joined to, by reading the network.

    Args:
        built: the layers; what leads to the module is the same for every open box.
        picture: `(3, H, W)` of the photo.
    """
    setting = built.setting
    before = built.before(setting.path[0])
    branches = {name: chain(name, setting) for name in BRANCHES}
    arriving = layer_rows(before, picture)[-1].output_shape
    channels, height, width = arriving
    return Fields(
        {name: receptive_field(each, (channels, height, width)) for name, each in branches.items()},
        {
            name: receptive_field(nn.Sequential(before, each), picture)
            for name, each in branches.items()
        },
        receptive_field(nn.Sequential(before, module(setting)), picture),
        (height, width),
    )


def box(field: ReceptiveField, unit: tuple[int, int]) -> Box:
    """The rows and columns that a unit sees.

    >>> box(ReceptiveField((3, 3), padding=(1, 1)), (0, 5))
    ((-1, 1), (4, 6))
    """
    return field.rows.seen(unit[0]), field.columns.seen(unit[1])


def _middle(units: range) -> int:
    return units[len(units) // 2] if units else 0
