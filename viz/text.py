"""A message and its values, before translation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

NO_VALUES: Mapping[str, object] = {}  # a plain dict, for JSON


class Text(NamedTuple):
    """An English message with named braces, and what goes into them.

    It is translated where it is shown, so the code that creates it needs no language. A value may
    be another Text.
    """

    message: str
    values: Mapping[str, object] = NO_VALUES

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
        return self.message.format_map(self.values) if self.values else self.message


def text(message: str, /, **values: object) -> Text:
    """A Text with its values as keywords.

    >>> text("{n} maps", n=3)
    Text(message='{n} maps', values={'n': 3})
    """
    return Text(message, values)
