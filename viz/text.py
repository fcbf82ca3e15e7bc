"""A message and its values: what is said, before it is said in anybody's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

NO_VALUES: Mapping[str, object] = {}  # a plain dict, for JSON


class Text(NamedTuple):
    """An English message with named braces, and what goes into them.

    It is translated where it is shown, so whoever makes it needs to know no language. A value may
    be another Text.
    """

    message: str
    values: Mapping[str, object] = NO_VALUES

    def __hash__(self) -> int:
        """That of the message, for a Text also names the lines of a chart.

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
