"""Controls: the values that a field may have, and how a text is read."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Generic, NamedTuple, Self, TypeVar, cast

from viz.text import Text, text

Value = TypeVar("Value")
Key = TypeVar("Key", str, int)

_NUMBER = re.compile(r"-?\d{1,6}(\.\d{1,6})?", re.ASCII)


class Allowed(NamedTuple):
    """The current limits of a control, if they depend on other controls.

    Attributes:
        options: the options of a Choice that are available; empty if all are.
        most: the largest value of a Slider; None for the slider's own limit.
    """

    options: tuple[str | int, ...] = ()
    most: float | None = None


ANY = Allowed()


@dataclass(frozen=True)
class Control(Generic[Value]):
    """The values that a field may have, and its label.

    Attributes:
        default: the value if the address has none.
        label: the control's name, in English; translated where it is shown.
        help: the help text, likewise.
        affects_canvas: whether the maps on the canvas depend on it.
    """

    default: Value
    label: str = dataclasses.field(default="", kw_only=True)
    help: str = dataclasses.field(default="", kw_only=True)
    affects_canvas: bool = dataclasses.field(default=True, kw_only=True)

    def read(self, text: str) -> Value | None:
        """The value of `text`; None if it is not an allowed value."""
        raise NotImplementedError

    def within(self, allowed: Allowed) -> Self:
        """The control restricted to what is allowed now."""
        return self

    def in_words(self, value: Value) -> Text:
        """A value as the stage bar shows it."""
        return Text(as_text(value))


@dataclass(frozen=True)
class Slider(Control[Value]):
    """A number between `low` and `high`, in steps; an int if the default is one.

    `zero` is the meaning of 0 if it is not a number, such as `all`. If the numbers only count steps,
    `words` are the meanings of all of them, from `low` on.
    """

    low: float
    high: float
    step: float = dataclasses.field(default=1, kw_only=True)
    unit: str = dataclasses.field(default="", kw_only=True)
    zero: str = dataclasses.field(default="", kw_only=True)
    words: tuple[str, ...] = dataclasses.field(default=(), kw_only=True)

    def read(self, text: str) -> Value | None:
        if not _NUMBER.fullmatch(text):
            return None
        steps = (float(text) - self.low) / self.step
        allowed = self.low <= float(text) <= self.high and abs(steps - round(steps)) < 1e-9
        kind = cast(Any, type(self.default))
        return kind(float(text)) if allowed else None

    def within(self, allowed: Allowed) -> Self:
        return self if allowed.most is None else replace(self, high=allowed.most)

    def in_words(self, value: Value) -> Text:
        if self.words:
            return Text(self.words[round((cast(float, value) - self.low) / self.step)])
        return Text(
            self.zero if self.zero and not value else f"{as_text(value)} {self.unit}".strip()
        )


@dataclass(frozen=True)
class Choice(Control[Key]):
    """One of several options, each with its name."""

    options: Mapping[Key, str]

    def read(self, text: str) -> Key | None:
        return {str(value): value for value in self.options}.get(text)

    def within(self, allowed: Allowed) -> Self:
        if not allowed.options:
            return self
        left = {value: word for value, word in self.options.items() if value in allowed.options}
        return replace(self, options=left)

    def in_words(self, value: Key) -> Text:
        return Text(self.options[value])


def numbered(*numbers: int) -> dict[int, str]:
    """Options that are whole numbers.

    >>> numbered(1, 2)
    {1: '1', 2: '2'}
    """
    return {number: str(number) for number in numbers}


@dataclass(frozen=True)
class Switch(Control[bool]):
    """On or off."""

    def read(self, text: str) -> bool | None:
        return {"1": True, "0": False}.get(text)

    def in_words(self, value: bool) -> Text:
        return text("on") if value else text("off")


@dataclass(frozen=True)
class Word(Control[str]):
    """A text that matches the regular expression as a whole; it has no widget of its own."""

    pattern: str

    def read(self, text: str) -> str | None:
        return text if re.fullmatch(self.pattern, text, re.ASCII) else None


def as_text(value: object) -> str:
    """A value as in the address: only letters, digits, `-`, `_` and `.`.

    >>> as_text(True), as_text(2.5), as_text(3.0), as_text(((0, 1, -500), (2, 2, 1000)))
    ('1', '2.5', '3', '0.1.-500_2.2.1000')
    """
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, tuple):
        return "_".join(".".join(str(number) for number in cell) for cell in value)
    return str(value)
