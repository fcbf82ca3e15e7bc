"""Places for the names of lines that meet at their ends: beside each line, where there is room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

APART = 1 / 8  # of the axis, from one name to the next
INNER = (0.2, 0.85)  # of the axis, where a name does not leave the plot


class Beside(NamedTuple):
    """The place of a name.

    Attributes:
        at: the index of the value of its line in the middle of the name.
        above: whether it is above the line.
        height: the highest value of its line along the name, or the lowest if it is below.
    """

    at: int
    above: bool
    height: float


def beside(lines: Mapping[str, Sequence[float]]) -> dict[str, Beside]:
    """For each line the place where the next line on one side is farthest from it.

    The lines with the least room choose first; names keep apart from one another.

    Args:
        lines: for each name its values, as many for all, none of them NaN.

    >>> beside({"low": [0.0] * 9, "high": [1.0] * 9})
    {'low': Beside(at=1, above=False, height=0.0), 'high': Beside(at=3, above=True, height=1.0)}
    """
    count = len(next(iter(lines.values())))
    inner = range(int(INNER[0] * count), max(1, int(INNER[1] * count)))
    room = {name: {n: _room(lines, name, n) for n in inner} for name in lines}
    most = {name: max(map(abs, of.values())) for name, of in room.items()}
    chosen: dict[str, Beside] = {}
    for name in sorted(lines, key=lambda each: most[each]):
        taken = [place.at for place in chosen.values()]
        free = [n for n in inner if all(abs(n - at) >= APART * count for at in taken)]
        best = max(free or inner, key=lambda n: abs(room[name][n]))
        above, along = room[name][best] > 0, lines[name][_along(len(lines[name]), best)]
        chosen[name] = Beside(best, above, max(along) if above else min(along))
    return chosen


def _along(count: int, n: int) -> slice:
    """The values along a name, of so many, if its middle is at one of them."""
    half = max(1, int(APART * count / 2))
    return slice(max(0, n - half), n + half + 1)


def _room(lines: Mapping[str, Sequence[float]], name: str, n: int) -> float:
    """The distance to the next line on the emptier side, below 0 for the lower side; the
    smallest one along a name.

    Above the highest line and below the lowest one there is twice as much room as all lines take.

    >>> _room({"a": [0.0], "b": [1.0], "c": [4.0]}, "b", 0), _room({"a": [0.0], "b": [1.0]}, "a", 0)
    (3.0, -2.0)
    """
    here, every = lines[name][n], [v for y in lines.values() for v in y]
    outside = 2 * (max(every) - min(every))
    near = _along(len(lines[name]), n)
    own = lines[name][near]
    others = [(y[n], y[near]) for other, y in lines.items() if other != name]
    above = min((min(along) for at, along in others if at > here), default=here + outside)
    below = max((max(along) for at, along in others if at <= here), default=here - outside)
    up, down = above - max(own), min(own) - below
    return up if up >= down else -down
