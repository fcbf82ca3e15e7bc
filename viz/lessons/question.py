"""Questions about a view: predicted first, then revealed on the canvas."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, Protocol, TypeVar

from viz.settings import as_text
from viz.text import Text

Words = Text | str  # a str is a name or a number, the same in every language


class Sortable(Protocol):
    """A number, a word, or a tuple of them."""

    def __lt__(self, other: Any, /) -> bool: ...


T = TypeVar("T", bound=Sortable)


class OneOf(NamedTuple):
    """An answer that is one of a few options.

    Attributes:
        options: two to six, all different.
        right: the place of the right one, from 0.
        instead: for each option, why it is wrong; the one of the right option is never shown.
    """

    options: tuple[Words, ...]
    right: int
    instead: tuple[Words, ...]


class Number(NamedTuple):
    """An answer that is a number.

    Attributes:
        right: the right number.
        unit: what is counted or measured, after the number; empty if that is clear.
        instead: what a wrong number would mean; `{said}` is the number that was said.
        within: how far from the right number an answer is still right.
        low, high: the smallest and the largest number that can be said.
    """

    right: float
    unit: Words
    instead: Words
    within: float = 0.0
    low: float = 0.0
    high: float = 1e9


class Where(NamedTuple):
    """An answer that is a place on the photo or in any of the maps.

    Attributes:
        on: what is clicked.
        right: the cells that are right, as (row, column).
        grid: rows and columns of cells that the photo, or a map, is divided into.
        instead: why another place is wrong.
    """

    on: Literal["photo", "maps"]
    right: frozenset[tuple[int, int]]
    grid: tuple[int, int]
    instead: Words


Answer = OneOf | Number | Where


@dataclass(frozen=True)
class Question:
    """A question about a view, its answer, and how the canvas shows that the answer is true.

    A question asks about what `reveal` will show, or about something that is not drawn; never about
    what is already on the canvas.

    Attributes:
        name: of the question within its lesson; the same for every picture and setting.
        ask: one or two short sentences.
        answer: what can be said, and what is right.
        why: the reason, with its numbers.
        reveal: fields of the Setting and View that show it; all others stay.
    """

    name: str
    ask: Text
    answer: Answer
    why: Text
    reveal: Mapping[str, object] = field(default_factory=dict)

    @property
    def fields(self) -> dict[str, str]:
        """The fields of `reveal` as in an address."""
        return {name: as_text(value) for name, value in self.reveal.items()}


def one_of(right: T, instead: Mapping[T, Words], said: Callable[[T], Words]) -> OneOf:
    """The right value among wrong ones, ascending, so that its place tells nothing.

    Args:
        right: the right value; left out of `instead` if it is there.
        instead: the wrong values, each with what would have to be true for it.
        said: a value as the visitor reads it.

    >>> one_of(4, {2: "half", 16: "squared", 4: "never shown"}, str)
    OneOf(options=('2', '4', '16'), right=1, instead=('half', '', 'squared'))
    """
    values = sorted({right, *instead})
    reasons = tuple("" if value == right else instead[value] for value in values)
    return OneOf(tuple(map(said, values)), values.index(right), reasons)
