"""The unit that is shown while none is pointed at or clicked: the strongest one of a map."""

from __future__ import annotations

from torch import Tensor

from viz.geometry import ReceptiveField, Window


def strongest_unit(
    values: Tensor, field: ReceptiveField, picture: tuple[int, int]
) -> tuple[int, int]:
    """Row and column of the unit whose value is farthest from 0.

    Units whose receptive field lies within the picture come first, then those near the middle.

    Args:
        values: `(H, W)` floating point, on any device.
        field: the receptive field of its units.
        picture: height and width of the picture.

    >>> import torch
    >>> values = torch.tensor([[9.0, 0, 0], [0, -2, 0], [0, 0, 1]])
    >>> strongest_unit(values, ReceptiveField(), (3, 3))
    (0, 0)
    >>> strongest_unit(values, ReceptiveField((3, 3), padding=(1, 1)), (3, 3))
    (1, 1)
    """
    rows = _whole(field.rows, values.shape[0], picture[0])
    columns = _whole(field.columns, values.shape[1], picture[1])
    if not (rows and columns):
        rows, columns = range(values.shape[0]), range(values.shape[1])
    inside = values[rows.start : rows.stop, columns.start : columns.stop]
    strength = inside.abs()
    equals = (strength == strength.max()).nonzero()
    middle = equals.new_tensor(inside.shape) / 2
    down, across = equals[(equals - middle).square().sum(1).argmin()].tolist()
    return rows[down], columns[across]


def _whole(axis: Window, units: int, length: int) -> range:
    """The units along an axis whose window lies within the picture."""
    first = -(-axis.padding // axis.stride)
    last = (length - axis.size + axis.padding) // axis.stride
    return range(max(0, first), max(0, min(units, last + 1)))
