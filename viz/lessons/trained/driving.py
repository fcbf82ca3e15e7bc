"""The pictures at hand, and the places in them, that drive one channel most."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import NamedTuple

import torch
from torch import Tensor, fx

from viz.images import Picture, at_working_size
from viz.lessons.trained.running import Runner

APART = 2  # places of the map: nearer ones show nearly the same


class Driver(NamedTuple):
    """A place in a picture, and what the channel answers there.

    Attributes:
        picture: its number among those that were looked at.
        row, column: of the map.
        value: the number there.
    """

    picture: int
    row: int
    column: int
    value: float


class Driven(NamedTuple):
    """What a channel answers to all pictures.

    Attributes:
        maps: `(h, w)` of each picture.
        drivers: the strongest places of all pictures, the strongest first.
    """

    maps: tuple[Tensor, ...]
    drivers: tuple[Driver, ...]


def driven(
    runner: Runner,
    node: fx.Node,
    channel: int,
    inputs: Sequence[Tensor],
    most: int,
    of_each: int,
) -> Generator[float | None, None, Driven]:
    """The places that drive a channel most.

    Args:
        runner: the network.
        node: of the layer.
        channel: of the layer.
        inputs: pictures `(C, H, W)` as the network takes them.
        most: places in all.
        of_each: places in one picture at most.

    Yields:
        The share that is done after each picture; None between.
    """
    maps, found = [], []
    for n, x in enumerate(inputs):
        halt = yield from runner.upto(node, x[None])
        values = halt.maps[0, channel].clone()
        maps.append(values if values.ndim else values.view(1, 1))  # of a vector: a single place
        places = strongest(maps[-1], of_each)
        found += [Driver(n, row, column, float(maps[-1][row, column])) for row, column in places]
        yield (n + 1) / len(inputs)
    drivers = sorted(found, key=lambda each: -each.value)[:most]
    return Driven(tuple(maps), tuple(drivers))


def strongest(values: Tensor, most: int) -> list[tuple[int, int]]:
    """The largest values of a map that lie apart, the largest first.

    >>> values = torch.tensor([[5.0, 6.0, 0.0, 4.0]])
    >>> strongest(values, 3)
    [(0, 1), (0, 3)]
    """
    left, places = values.clone(), []
    for _ in range(most):
        row, column = divmod(int(left.argmax()), values.shape[1])
        if left[row, column] == -torch.inf:
            break
        places.append((row, column))
        rows = slice(max(0, row - APART + 1), row + APART)
        left[rows, max(0, column - APART + 1) : column + APART] = -torch.inf
    return places


def at_size(pictures: Sequence[Picture], size_px: int) -> list[Tensor]:
    """The pixels of pictures at a working size."""
    return [at_working_size(each, size_px).pixels for each in pictures]
