"""Progress of long work."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any, Generic, NamedTuple, TypeVar

from viz.text import Text

T = TypeVar("T")


@dataclass(frozen=True)
class Progress(Generic[T]):
    """How much of some long work is done.

    Args:
        fraction: how much is done, from 0 to 1.
        sentence: what is being done.
        newest: what can be shown so far, of the type of the result; None if there is nothing yet.

    Raises:
        ValueError: if the fraction is not from 0 to 1.

    >>> Progress(0.25, Text("Pass {n} of {of}", {"n": 5, "of": 20})).fraction
    0.25
    """

    fraction: float
    sentence: Text
    newest: T | None = field(default=None, compare=False)  # arrays have no single answer to ==

    def __post_init__(self) -> None:
        if not 0 <= self.fraction <= 1:
            raise ValueError(f"a fraction is from 0 to 1, not {self.fraction}")


# Long work: it returns the result; each yield is a pause, and may say how far the work is.
Steps = Generator[Progress[T] | None, None, T]


class Reported(NamedTuple):
    """The newest progress of a job, and the seconds from the job's start to it."""

    progress: Progress[Any]
    elapsed_s: float

    @property
    def remaining_s(self) -> float | None:
        """Seconds that the rest would take at the same speed; None while nothing is done.

        >>> Reported(Progress(0.25, Text("Learning")), elapsed_s=3.0).remaining_s
        9.0
        """
        done = self.progress.fraction
        return self.elapsed_s * (1 - done) / done if done else None
