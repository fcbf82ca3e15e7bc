"""A guided tour: views of a lesson in the order in which a lecturer shows them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from viz.settings import as_text

# What a step can light: parts of the canvas, one map, a chip or box, a control, or what is below.
LIGHT = re.compile(
    r"photo|field|comb|filters|maps|map:\d+|stage:[a-z_0-9.]+|slider:[a-z_]+|proof|section"
)


class Step(NamedTuple):
    """One step of a tour: a view in which its text can be seen to be true.

    The text is in the lesson's prose: under `## Tour`, the passage with the step's title.

    Attributes:
        title: at most five words.
        fields: those of Setting and View, other than `picture`, that differ from the opening of
            their `part`. So the view is complete, whatever was shown before.
        light: what to look at, see `LIGHT`.
        picture: the key of the picture; empty for that of the opening.
    """

    title: str
    fields: Mapping[str, object] = MappingProxyType({})
    light: tuple[str, ...] = ()
    picture: str = ""

    @property
    def texts(self) -> dict[str, str]:
        """Its view as in an address.

        >>> Step("Average", {"beta": 0}, picture="brick").texts
        {'beta': '0', 'picture': 'brick'}
        """
        said = {name: as_text(value) for name, value in self.fields.items()}
        return {**said, "picture": self.picture} if self.picture else said
