"""Messages in the languages of the app, from the catalogues in `assets/locale`."""

from __future__ import annotations

import gettext
import json
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from viz.assets import ROOT
from viz.languages import ENGLISH, Language
from viz.text import Text

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

FOLDER = ROOT / "assets" / "locale"
DOMAIN = "pointwise"
FOR_SCRIPTS = "shown by scripts"  # the comment of a message that JavaScript translates


def catalogue_path(language: Language) -> Path:
    """The file of a language's messages.

    >>> from viz.languages import CHINESE
    >>> catalogue_path(CHINESE).relative_to(ROOT).as_posix()
    'assets/locale/zh_Hans/LC_MESSAGES/pointwise.po'
    """
    return FOLDER / language.folder / "LC_MESSAGES" / f"{DOMAIN}.po"


def translate(words: str | Text, language: Language, /, **values: Any) -> str:
    """A message in a language, with its values filled in; in English where it is not translated.

    >>> translate(Text("{n} pictures", {"n": 3}), ENGLISH)
    '3 pictures'
    """
    if not isinstance(words, Text):
        words = Text(words, values)
    known = translations(language)
    inner = {name: _inside(value, language) for name, value in words.values.items()}
    if words.plural:
        found = known.ngettext(words.message, words.plural, 2 if words.counts_many else 1)
    else:  # gettext answers an empty message with the catalogue's head
        found = known.gettext(words.message) if words.message else ""
    return found.format(**inner) if inner else found


def _inside(value: object, language: Language) -> object:
    return translate(value, language) if isinstance(value, Text) else value


@cache
def translations(language: Language) -> gettext.NullTranslations:
    """The messages of a language; English has none. Read at the first use, some 0.1 s."""
    read = catalogue(language)
    if read is None:
        return gettext.NullTranslations()
    from babel.messages.mofile import write_mo

    compiled = BytesIO()
    write_mo(compiled, read)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


@cache
def catalogue(language: Language) -> Catalog | None:
    """The messages of a language as they are written; None if it has none."""
    file = catalogue_path(language)
    if language == ENGLISH or not file.is_file():
        return None
    from babel.messages.pofile import read_po

    with file.open("rb") as lines:
        return read_po(lines, abort_invalid=True)


# ── For JavaScript ──────────────────────────────────────────────────────────────────────────────


@cache
def script(language: Language) -> str:
    """The messages that scripts show, as a script that keeps them for all components."""
    said = json.dumps({language.tag: _words(language)}, ensure_ascii=False, separators=(",", ":"))
    return f"globalThis.pointwiseWords = Object.assign(globalThis.pointwiseWords ?? {{}}, {said})\n"


@cache
def script_name(language: Language) -> str:
    """The name of that script, which changes with its content; empty where there is none."""
    if catalogue(language) is None:
        return ""
    digest = sha256(script(language).encode()).hexdigest()[:8]
    return f"words.{language.tag}.{digest}.js"


def _words(language: Language) -> Mapping[str, str]:
    """Translations by the English message, of a counted one by that for 1."""
    found = {}
    for message in catalogue(language) or ():
        if FOR_SCRIPTS in message.auto_comments and message.string and not message.fuzzy:
            one = message.id if isinstance(message.id, str) else message.id[0]
            form = message.string if isinstance(message.string, str) else message.string[-1]
            found[one] = form
    return found
