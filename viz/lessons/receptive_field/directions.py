"""What a unit sees in every layer before it, and whom a pixel reaches in every layer after it."""

from __future__ import annotations

from typing import NamedTuple

from torch import nn

from viz.geometry import Window
from viz.trace import between, layer_rows


class Reach(NamedTuple):
    """The units of one map that belong to a unit or a pixel, a rectangle.

    Attributes:
        name: of the stage; empty for the picture.
        rows, columns: the units; some may lie outside the map, in its padding.
        extent: (height, width) of the map.
        place: (first, last) pixel of the picture at which columns begin and end: half a stride
            around the middles of their fields.
    """

    name: str
    rows: range
    columns: range
    extent: tuple[int, int]
    place: tuple[float, float]


def seen(
    network: nn.Sequential, shape: tuple[int, int, int], stage: str, unit: tuple[int, int]
) -> list[Reach]:
    """What a unit of a stage sees in the picture and in every stage up to its own.

    >>> chain = nn.Sequential(nn.Conv2d(3, 1, 3, 2), nn.Conv2d(1, 1, 3))
    >>> [(each.columns.start, each.columns.stop) for each in seen(chain, (3, 9, 9), "1", (0, 1))]
    [(2, 9), (1, 4), (1, 2)]
    """
    fields, found = _fields(network, shape), []
    for name in _upto(network, stage):
        relation = between(network, shape, name, stage)
        found.append(_reach(fields[name], name, *relation.seen(*unit)))
    rows, columns = (range(at, at + 1) for at in unit)
    return [*found, _reach(fields[stage], stage, rows, columns)]


def reached(
    network: nn.Sequential, shape: tuple[int, int, int], stage: str, pixel: tuple[int, int]
) -> list[Reach]:
    """Whom a pixel of the picture reaches in every stage up to a last one.

    >>> chain = nn.Sequential(nn.Conv2d(3, 1, 3, 2), nn.Conv2d(1, 1, 3))
    >>> [(each.columns.start, each.columns.stop) for each in reached(chain, (3, 9, 9), "1", (4, 4))]
    [(4, 5), (1, 3), (0, 2)]
    """
    fields = _fields(network, shape)
    rows, columns = (range(at, at + 1) for at in pixel)
    found = [_reach(fields[""], "", rows, columns)]
    for name in [*_upto(network, stage)[1:], stage]:
        relation = between(network, shape, "", name)
        found.append(_reach(fields[name], name, *relation.reached(*pixel)))
    return found


def _upto(network: nn.Sequential, stage: str) -> list[str]:
    """The picture, and the stages before one of them."""
    names = [name for name, _ in network.named_children()]
    return ["", *names[: names.index(stage)]]


Extent = tuple[int, int]


def _fields(
    network: nn.Sequential, shape: tuple[int, int, int]
) -> dict[str, tuple[Window, Extent]]:
    """What units of the picture and of every stage see along the columns, and the size of the map."""
    fields = {"": (Window(), (shape[1], shape[2]))}
    for row in layer_rows(network, shape):
        extent = row.output_shape[1], row.output_shape[2]
        fields[row.name.split(".")[0]] = row.receptive_field.columns, extent
    return fields


def _reach(of: tuple[Window, Extent], name: str, rows: range, columns: range) -> Reach:
    window, extent = of
    half = window.stride / 2
    place = window.centre(columns.start) - half, window.centre(columns.stop - 1) + half
    return Reach(name, rows, columns, extent, place)
