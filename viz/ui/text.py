"""Texts: labels through `_`, lesson prose from `assets/lessons`."""

from __future__ import annotations

import gettext
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from viz.assets import ROOT
from viz.lessons import prose_path
from viz.text import Text

Words = Text | str

LANGUAGE = "en"
_CATALOGUE = gettext.translation(
    "pointwise", ROOT / "assets" / "locales", languages=[LANGUAGE], fallback=True
)


def _(text: str | Text, /, **values: Any) -> str:
    """The text in the visitor's language, with its values filled in.

    >>> _("{n} pictures", n=3), _(Text("{n} pictures", {"n": 3}))
    ('3 pictures', '3 pictures')
    """
    if isinstance(text, Text):
        inner = {name: _(v) if isinstance(v, Text) else v for name, v in text.values.items()}
        return _(text.message, **inner)
    translated = _CATALOGUE.gettext(text) if text else ""
    return translated.format(**values) if values else translated


def said(words: Words) -> str:
    """The text of a Block: a Text is translated, names and numbers stay as they are."""
    return _(words) if isinstance(words, Text) else words


def translated(found: Any) -> Any:
    """The same data with every Text in it translated."""
    if isinstance(found, Text):
        return _(found)
    if isinstance(found, Mapping):
        return {translated(name): translated(value) for name, value in found.items()}
    if isinstance(found, list | tuple) and not hasattr(found, "_fields"):
        return type(found)(translated(each) for each in found)
    return found


def plain(text: str) -> str:
    """A visitor's text, escaped so that Markdown shows it literally.

    A file may be called `![x](http://…)`; unescaped, its name would be a request to the web.

    >>> plain("![x](http://a.b)")
    '\\\\!\\\\[x\\\\]\\\\(http\\\\:\\\\/\\\\/a\\\\.b\\\\)'
    """
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)


def catalogue() -> Mapping[str, str]:
    """Every translated text by its English one, for JavaScript; empty in English."""
    return {
        text: translated
        for text, translated in getattr(_CATALOGUE, "_catalog", {}).items()
        if isinstance(text, str) and text
    }


def passage(slug: str, heading: str) -> str:
    """One passage of a lesson's prose: the text under its heading.

    Raises:
        KeyError: if the prose has no such heading.

    >>> passage("lab", "What to look for").startswith("#")
    False
    """
    return _passages(slug, LANGUAGE)[heading]


def has_passage(slug: str, heading: str) -> bool:
    """Whether a lesson's prose has this heading."""
    return heading in _passages(slug, LANGUAGE)


def tour_texts(slug: str) -> Mapping[str, str]:
    """The texts of a lesson's tour by the titles of its steps.

    >>> len(tour_texts("lab")) > 4
    True
    """
    return _under_headings(passage(slug, "Tour"), "### ")


@lru_cache(maxsize=64)
def _passages(slug: str, language: str) -> Mapping[str, str]:
    return _under_headings(prose_path(slug, language).read_text(encoding="utf-8"), "## ")


def _under_headings(text: str, mark: str) -> Mapping[str, str]:
    """The text under each heading that begins with the mark."""
    parts = (part.split("\n", 1) for part in f"\n{text}".split(f"\n{mark}")[1:])
    return {title.strip(): body.strip() for title, body in parts}
