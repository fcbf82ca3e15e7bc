"""A Setting: plain values a visitor chooses, their limits, their words, and their place in the address.

A field of a Setting is declared once, by `slider`, `choice`, `below`, `switch`, `word` or `cells`; its name
is the widget's key, the parameter of the address and that of the route.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from types import MappingProxyType
from typing import Any, Self

Cells = tuple[tuple[int, int, int], ...]  # row, column, value in thousandths

MAX_CELLS = 64 * 64
_NUMBER = re.compile(r"-?\d{1,6}(\.\d{1,6})?", re.ASCII)
_CELL = re.compile(r"(\d{1,2})\.(\d{1,2})\.(-?\d{1,5})", re.ASCII)


@dataclass(frozen=True)
class Control:
    """What a field may be and how it is spoken of: `label` names it, `help` says what to look for.

    Choices list their options with a word for each; sliders have `low`, `high`, `step` and `unit`.
    What is `aside` changes nothing on the canvas. Words are English and are translated where they
    are shown.
    """

    kind: str
    default: Any
    label: str = ""
    help: str = ""
    options: tuple[tuple[str | int, str], ...] = ()
    low: float = 0
    high: float = 0
    step: float = 1
    unit: str = ""
    pattern: str = ""
    aside: bool = False

    def read(self, text: str) -> Any:
        """The value that `text` stands for; None if it stands for none that is allowed."""
        return getattr(self, f"_read_{self.kind}")(text)

    def _read_slider(self, text: str) -> float | None:
        if not _NUMBER.fullmatch(text):
            return None
        steps = (float(text) - self.low) / self.step
        allowed = self.low <= float(text) <= self.high and abs(steps - round(steps)) < 1e-9
        return type(self.default)(float(text)) if allowed else None

    def _read_choice(self, text: str) -> str | int | None:
        return {str(value): value for value, _ in self.options}.get(text)

    def _read_switch(self, text: str) -> bool | None:
        return {"1": True, "0": False}.get(text)

    def _read_word(self, text: str) -> str | None:
        return text if re.fullmatch(self.pattern, text, re.ASCII) else None

    def _read_cells(self, text: str) -> Cells | None:
        parts = text.split("_", MAX_CELLS) if text else []
        read = [_CELL.fullmatch(part) for part in parts]
        if len(read) > MAX_CELLS or not all(read):
            return None
        found = {(int(m[1]), int(m[2])): int(m[3]) for m in read if m}
        return tuple((row, column, value) for (row, column), value in sorted(found.items()))


def slider(
    default: float,
    low: float,
    high: float,
    *,
    label: str,
    help: str,
    step: float = 1,
    unit: str = "",
    aside: bool = False,
) -> Any:
    """A number between `low` and `high`, in steps; an int where the default is one."""
    return _field(Control("slider", default, label, help, (), low, high, step, unit, aside=aside))


def choice(default: str | int, *, label: str, help: str, **options: str) -> Any:
    """One of several words, each with what it is called."""
    return _field(Control("choice", default, label, help, tuple(options.items())))


def below(default: str, **options: str) -> Any:
    """Which part of a lesson lies open below the canvas, each with what it is called."""
    return _field(
        Control(
            "choice",
            default,
            label="Part",
            help="What lies open below the maps.",
            options=tuple(options.items()),
            aside=True,
        )
    )


def number_choice(default: int, options: tuple[int, ...], *, label: str, help: str) -> Any:
    """One of several whole numbers."""
    return _field(Control("choice", default, label, help, tuple((n, str(n)) for n in options)))


def switch(default: bool, *, label: str, help: str, aside: bool = False) -> Any:
    """On or off."""
    return _field(Control("switch", default, label, help, aside=aside))


def word(default: str, pattern: str, *, aside: bool = False) -> Any:
    """A text that matches the regular expression as a whole; it has no control of its own."""
    return _field(Control("word", default, pattern=pattern, aside=aside))


def cells() -> Any:
    """Cells of a matrix set by hand: row, column and value in thousandths."""
    return _field(Control("cells", ()))


def _field(control: Control) -> Any:
    return field(default=control.default, metadata={"control": control})


@dataclass(frozen=True)
class Setting:
    """Base of every lesson's Setting: it reads itself from an address and writes itself into one.

    >>> @dataclass(frozen=True)
    ... class Example(Setting):
    ...     stride: int = slider(2, 1, 8, label="Stride", help="Pixels between two reads.")
    >>> Example.from_query({"stride": "3"}), Example.from_query({"stride": "huge"})
    (Example(stride=3), Example(stride=2))
    >>> Example(stride=3).to_query(), Example().to_query()
    ({'stride': '3'}, {})
    """

    @classmethod
    @cache  # asked for by every request, and a class does not change
    def controls(cls) -> Mapping[str, Control]:
        """Every field's control, by name."""
        return MappingProxyType({of.name: of.metadata["control"] for of in fields(cls)})

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Self:
        """The Setting that an address means; never raises, a bad value is the default."""
        read = {name: of.read(query[name]) for name, of in cls.controls().items() if name in query}
        return cls(**{name: value for name, value in read.items() if value is not None})

    @classmethod
    def misread(cls, query: Mapping[str, str]) -> list[str]:
        """Names of parameters whose value is none that is allowed.

        >>> Setting.misread({"unknown": "parameters are not ours"})
        []
        """
        controls = cls.controls().items()
        return [name for name, of in controls if name in query and of.read(query[name]) is None]

    def to_query(self) -> dict[str, str]:
        """What of this Setting differs from the default, as an address says it."""
        return {
            of.name: as_text(getattr(self, of.name))
            for of in fields(self)
            if getattr(self, of.name) != of.default
        }


def as_text(value: Any) -> str:
    """A value as the address says it: only letters, digits, `-`, `_` and `.`.

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
