"""What a map stands for, as data: the orientation, phase, colour or branch of its name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

Kind = Literal["", "orientation", "phase", "colour", "branch"]


class Mark(NamedTuple):
    """What one map stands for; it is drawn before the map's name, and nothing reads the name.

    Attributes:
        kind: empty if the map stands for nothing that could be drawn.
        value: degrees of an orientation of bars or of a phase, or the name of a colour or a branch.
    """

    kind: Kind = ""
    value: float | str = 0


Marks = tuple[Mark, ...]


def oriented(degrees: Iterable[float]) -> Marks:
    """Marks of orientations of bars, counter-clockwise from horizontal.

    >>> oriented([45])
    (Mark(kind='orientation', value=45),)
    """
    return tuple(Mark("orientation", each) for each in degrees)


def phased(degrees: Iterable[float]) -> Marks:
    """Marks of phases of a wave; 0 is bright in the middle."""
    return tuple(Mark("phase", each) for each in degrees)


def coloured(colours: Iterable[str]) -> Marks:
    """Marks of the colours `"red"`, `"green"` and `"blue"`."""
    return tuple(Mark("colour", each) for each in colours)


def of_branch(name: str) -> Mark:
    """The mark of a branch of an Inception module: `"one"`, `"three"`, `"five"` or `"pool"`."""
    return Mark("branch", name)
