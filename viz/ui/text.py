"""Texts in the visitor's language: labels through `_`, lesson prose from `assets/lessons`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from viz.languages import ENGLISH, Language
from viz.lessons import prose_path
from viz.text import Text
from viz.translations import translate
from viz.ui.speaking import spoken

Words = Text | str


def language() -> str:
    """The tag of the visitor's language, for the data of a component."""
    return spoken().tag


def _(text: str | Text, /, **values: Any) -> str:
    """The text in the visitor's language, with its values filled in.

    >>> _("Map {n}", n=3), _(Text("{n} picture", {"n": 3}, "{n} pictures"))
    ('Map 3', '3 pictures')
    """
    return translate(text, spoken(), **values)


def said(words: Words) -> str:
    """The text of a Block: a Text is translated, names and numbers stay as they are."""
    return _(words) if isinstance(words, Text) else words


def said_in(language: Language, words: Words) -> str:
    """The same in another language than the visitor's, for others who read it."""
    return translate(words, language) if isinstance(words, Text) else words


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


_PHRASE = re.compile(r"[A-Za-z][A-Za-z ]*[A-Za-z]")


def named(name: str) -> str:
    """The name of a map in the visitor's language: its words are translated, its signs are not.

    >>> named("22.5° edge A"), named("12")
    ('22.5° edge A', '12')
    """
    return _PHRASE.sub(lambda phrase: _(phrase[0]), name)


def passage(slug: str, heading: str) -> str:
    """One passage of a lesson's prose: the text under its heading, in English if there is no other.

    Raises:
        KeyError: if the prose has no such heading.

    >>> passage("lab", "What to look for").startswith("#")
    False
    """
    return _passages(slug, spoken().folder).get(heading) or _passages(slug, ENGLISH.folder)[heading]


def has_passage(slug: str, heading: str) -> bool:
    """Whether a lesson's prose has this heading."""
    return heading in _passages(slug, ENGLISH.folder)


def tour_texts(slug: str) -> Mapping[str, str]:
    """The texts of a lesson's tour by the titles of its steps, which are English: they are keys.

    >>> len(tour_texts("lab")) > 4
    True
    """
    english = _passages(slug, ENGLISH.folder)["Tour"]
    return {**_under_headings(english, "### "), **_under_headings(passage(slug, "Tour"), "### ")}


@lru_cache(maxsize=128)
def _passages(slug: str, folder: str) -> Mapping[str, str]:
    """The passages by their headings, which are English in every language, for they are keys."""
    file = prose_path(slug, folder)
    return _under_headings(file.read_text(encoding="utf-8") if file.is_file() else "", "## ")


def _under_headings(text: str, mark: str) -> Mapping[str, str]:
    """The text under each heading that begins with the mark."""
    parts = (part.split("\n", 1) for part in f"\n{text}".split(f"\n{mark}")[1:])
    return {title.strip(): body.strip() for title, body in parts}
