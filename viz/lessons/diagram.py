"""A diagram as data: boxes in a grid, and arrows between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from types import MappingProxyType
from typing import Literal

from viz.text import Text

NO_FIELDS: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True)
class Box:
    """One box.

    Attributes:
        key: identifies it in its diagram.
        title: its first line; a str is a name or a number, the same in every language.
        facts: further lines.
        exact: the text under the pointer, such as whole numbers.
        row, column: its place in the grid, from 0.
        rows: how many rows it is tall.
        branch: the branch whose hue it has: `one`, `three`, `five` or `pool`; empty for none.
        fields: what a click sets in the Setting or the View; nothing if it cannot be clicked.
        state: `current` for the one that is open, `path` for those that lead to it.
    """

    key: str
    title: Text | str
    facts: Sequence[Text | str] = ()
    exact: Text | str = ""
    row: int = 0
    column: int = 0
    rows: int = 1
    branch: str = ""
    fields: Mapping[str, object] = field(default_factory=lambda: NO_FIELDS)
    state: Literal["", "current", "path"] = ""


@dataclass(frozen=True)
class Diagram:
    """Boxes and arrows from left to right.

    Where there is no room the grid is turned, so that it reads from top to bottom; boxes in one row
    are a strip, which wraps instead.

    Attributes:
        key: identifies the diagram on the page.
        boxes: in reading order.
        arrows: from one key to another.
        alt: the alternative text.
        wraps: whether every row is a strip of its own, which wraps.
    """

    key: str
    boxes: Sequence[Box]
    arrows: Sequence[tuple[str, str]]
    alt: Text
    wraps: bool = False


def strip(key: str, boxes: Sequence[Box], alt: Text) -> Diagram:
    """Boxes in one row, each with an arrow to the next.

    >>> found = strip("two", [Box("a", "a"), Box("b", "b")], Text("Two boxes"))
    >>> found.arrows, [box.column for box in found.boxes]
    ([('a', 'b')], [0, 1])
    """
    placed = [replace(box, row=0, column=at) for at, box in enumerate(boxes)]
    arrows = [(one.key, other.key) for one, other in pairwise(boxes)]
    return Diagram(key, placed, arrows, alt)
