"""The terms of one number as they are pictured: a patch a channel, or the strongest one by one."""

from __future__ import annotations

from typing import NamedTuple

from viz.arithmetic.unit import Arithmetic

Grid = list[list[float | None]]


class Patch(NamedTuple):
    """What one number reads of one channel.

    Attributes:
        channel: its number as it reached the stage.
        rows, columns: the positions read, in order.
        terms: the index of the term at each of them; None where nothing is read.
        subtotal: the sum of its products.
    """

    channel: int
    rows: list[int]
    columns: list[int]
    terms: list[list[int | None]]
    subtotal: float

    def grid(self, numbers: list[float]) -> Grid:
        """A number a term, in rows and columns."""
        return [[None if at is None else numbers[at] for at in row] for row in self.terms]


def reads_patches(taken: Arithmetic) -> bool:
    """Whether several inputs are of one channel, as under a kernel of more than one pixel."""
    return len({place[0] for place in taken.places}) < len(taken.places)


def patches(taken: Arithmetic) -> list[Patch]:
    """One Patch a channel, the one with the largest subtotal first, whatever its sign.

    >>> places = [(0, 4, 5), (0, 4, 7), (1, 4, 5)]
    >>> taken = Arithmetic("sum", places, [1, 2, 5], [1, 1, -2], 0, -7, "", -7)
    >>> [(each.channel, each.columns, each.subtotal) for each in patches(taken)]
    [(1, [5], -10), (0, [5, 7], 3)]
    """
    channels: dict[int, dict[tuple[int, int], int]] = {}
    for at, (channel, row, column) in enumerate(taken.places):
        channels.setdefault(channel, {})[row, column] = at
    made = [_patch(channel, found, taken.terms) for channel, found in channels.items()]
    return sorted(made, key=lambda patch: -abs(patch.subtotal))


def _patch(channel: int, found: dict[tuple[int, int], int], products: list[float]) -> Patch:
    rows, columns = (sorted({place[axis] for place in found}) for axis in (0, 1))
    terms = [[found.get((row, column)) for column in columns] for row in rows]
    return Patch(channel, rows, columns, terms, sum(products[at] for at in found.values()))


def strongest(taken: Arithmetic, most: int) -> tuple[list[int], list[int]]:
    """The indices of the largest products, whatever their sign, and those of all others.

    Of a maximum the largest inputs come first. One other alone is not worth a line of its own.
    """
    products = taken.terms
    size = products.__getitem__ if taken.operation == "max" else lambda at: abs(products[at])
    order = sorted(range(len(products)), key=size, reverse=True)
    shown = len(order) if len(order) <= most + 1 else most
    return order[:shown], order[shown:]
