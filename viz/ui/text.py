"""Words: labels through `_`, lesson prose from `assets/lessons`."""

from __future__ import annotations

import gettext
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from viz.lessons import ROOT, prose_path

LANGUAGE = "en"
_CATALOGUE = gettext.translation(
    "pointwise", ROOT / "assets" / "locales", languages=[LANGUAGE], fallback=True
)


def _(text: str, /, **values: Any) -> str:
    """The text in the visitor's language, with values put into its braces.

    >>> _("{n} pictures", n=3)
    '3 pictures'
    """
    translated = _CATALOGUE.gettext(text) if text else ""
    return translated.format(**values) if values else translated


def plain(text: str) -> str:
    """Text that a visitor brought, so that Markdown shows it letter by letter.

    A file may be called `![x](http://…)`; unescaped, its name would be a request to the web.

    >>> plain("![x](http://a.b)")
    '\\\\!\\\\[x\\\\]\\\\(http\\\\:\\\\/\\\\/a\\\\.b\\\\)'
    """
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)


def catalogue() -> Mapping[str, str]:
    """Every translated text by its English one, for words that JavaScript says; empty in English."""
    return {
        text: translated
        for text, translated in getattr(_CATALOGUE, "_catalog", {}).items()
        if isinstance(text, str) and text
    }


@lru_cache(maxsize=64)
def passage(slug: str, heading: str) -> str:
    """One passage of a lesson's prose: what stands under its heading, without the heading.

    Raises:
        KeyError: if the prose has no such heading.

    >>> passage("lab", "What to look for").startswith("#")
    False
    """
    text = prose_path(slug, LANGUAGE).read_text(encoding="utf-8")
    for part in f"\n{text}".split("\n## ")[1:]:
        title, body = part.split("\n", 1)
        if title.strip() == heading:
            return body.strip()
    raise KeyError(heading)
