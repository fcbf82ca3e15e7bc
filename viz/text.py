"""A message and its values, before translation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

Message = str  # the type of a constant that becomes a Text; so `scripts/translations` finds it
NO_VALUES: Mapping[str, object] = {}  # a plain dict, for JSON


class Text(NamedTuple):
    """An English message with named braces, and what goes into them.

    It is translated where it is shown, so the code that creates it needs no language. A value may
    be another Text.

    Attributes:
        message: the message; of a counted one that for 1.
        values: what goes into its braces, by name.
        plural: the message for other numbers of things than 1; empty if it counts nothing.
    """

    message: str
    values: Mapping[str, object] = NO_VALUES
    plural: str = ""

    @property
    def counts_many(self) -> bool:
        """Whether it counts another number of things than 1; a number may be written as text."""
        return bool(self.plural) and str(self.values.get("n")) != "1"

    def __hash__(self) -> int:
        """The hash of the message alone; a Text is also a key, such as the name of a line in a chart.

        >>> len({Text("a"), Text("a"), Text("{n} maps", {"n": 1})})
        2
        """
        return hash(self.message)

    def __str__(self) -> str:
        """The message in English.

        >>> str(Text("Max over {n}", {"n": 4}))
        'Max over 4'
        """
        message = self.plural if self.counts_many else self.message
        return message.format_map(self.values) if self.values else message


def text(message: str, /, **values: object) -> Text:
    """A Text with its values as keywords.

    >>> text("Map {n}", n=3)
    Text(message='Map {n}', values={'n': 3}, plural='')
    """
    return Text(message, values)


def counted(one: str, many: str, /, **values: object) -> Text:
    """A Text that counts `n` things.

    Args:
        one: the message for one thing.
        many: the message for any other number, with the same braces.
        values: `n`, a whole number or its text, and the values of other braces.

    >>> str(counted("{n} map", "{n} maps", n=1)), str(counted("{n} map", "{n} maps", n="1,024"))
    ('1 map', '1,024 maps')
    """
    return Text(one, values, many)
