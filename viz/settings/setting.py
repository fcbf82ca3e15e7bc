"""A Setting: reads itself from an address and writes itself into one."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, ParamSpec, Self

from viz.settings.controls import Control, Value, as_text

Given = ParamSpec("Given")


def field(
    kind: Callable[Given, Control[Value]], *args: Given.args, **kwargs: Given.kwargs
) -> Value:
    """Declares a field of a Setting by its control: the class, then the arguments of the class."""
    control = kind(*args, **kwargs)
    return dataclasses.field(default=control.default, metadata={"control": control})


@dataclass(frozen=True)
class Setting:
    """Base of every lesson's Setting: reads itself from an address and writes itself into one.

    >>> from viz.settings import Slider
    >>> @dataclass(frozen=True)
    ... class Example(Setting):
    ...     stride: int = field(Slider, 2, 1, 8, label="Stride", help="Pixels between reads.")
    >>> Example.from_query({"stride": "3"}), Example.from_query({"stride": "huge"})
    (Example(stride=3), Example(stride=2))
    >>> Example(stride=3).to_query(), Example().to_query()
    ({'stride': '3'}, {})
    """

    @classmethod
    @cache  # needed by every request, and a class does not change
    def controls(cls) -> Mapping[str, Control[Any]]:
        """Every field's control, by name."""
        return MappingProxyType({of.name: of.metadata["control"] for of in dataclasses.fields(cls)})

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Self:
        """The Setting of an address; never raises: a bad value becomes the default."""
        read = {name: of.read(query[name]) for name, of in cls.controls().items() if name in query}
        return cls(**{name: value for name, value in read.items() if value is not None})

    @classmethod
    def invalid_fields(cls, query: Mapping[str, str]) -> list[str]:
        """Names of parameters whose value is not allowed.

        >>> Setting.invalid_fields({"unknown": "parameters are not ours"})
        []
        """
        controls = cls.controls().items()
        return [name for name, of in controls if name in query and of.read(query[name]) is None]

    def to_query(self) -> dict[str, str]:
        """The fields that differ from the default, as in an address."""
        return {
            of.name: as_text(getattr(self, of.name))
            for of in dataclasses.fields(self)
            if getattr(self, of.name) != of.default
        }

    @property
    def digest(self) -> bytes:
        """Equal for equal Settings, and short however many cells are set by hand: a key for caches.

        >>> Setting().digest == Setting().digest, len(Setting().digest)
        (True, 16)
        """
        words = (type(self).__module__, *self.to_query().items())
        return hashlib.blake2b(repr(words).encode(), digest_size=16).digest()
