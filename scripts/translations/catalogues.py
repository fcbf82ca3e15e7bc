"""A language's catalogue: brought up to date, and checked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from typing import NamedTuple

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po
from messages import Found, Key

from viz.languages import Language
from viz.translations import FOR_SCRIPTS, catalogue_path

_BRACES = re.compile(r"\{(\w+)\}")


class Problem(NamedTuple):
    """What is wrong with a message."""

    what: str
    message: str


def read(language: Language) -> Catalog:
    """The catalogue as it is; an empty one if there is none."""
    file = catalogue_path(language)
    if not file.is_file():
        return Catalog(locale=language.folder)
    return read_po(BytesIO(file.read_bytes()), locale=language.folder, abort_invalid=True)


def update(language: Language, found: Mapping[Key, Sequence[Found]]) -> Catalog:
    """Writes the catalogue with exactly these messages; translations of them stay."""
    known = {_key(message): message for message in read(language) if message.id}
    catalogue = Catalog(locale=language.folder, fuzzy=False)
    for key, at in found.items():
        old = known.get(key) or known.get(key if isinstance(key, str) else key[0])
        catalogue.add(
            key,
            _form(old, key),
            locations=[(file, None) for file in dict.fromkeys(each.file for each in at)],
            auto_comments=[FOR_SCRIPTS] if any(each.for_scripts for each in at) else [],
            flags=["fuzzy"] if old and old.fuzzy else [],
        )
    file = catalogue_path(language)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(_written(catalogue), encoding="utf-8")
    return catalogue


def problems(catalogue: Catalog, found: Mapping[Key, Sequence[Found]]) -> Iterator[Problem]:
    """Messages that are missing, unused, untranslated, doubtful, or have other braces."""
    known = {_key(message): message for message in catalogue if message.id}
    yield from (Problem("missing", _first(key)) for key in found if key not in known)
    yield from (Problem("unused", _first(key)) for key in known if key not in found)
    for key, message in known.items():
        if not _all_said(message):
            yield Problem("untranslated", _first(key))
        elif message.fuzzy:
            yield Problem("doubtful", _first(key))
        elif _differs(key, message):
            yield Problem("other braces or stars", _first(key))


def _differs(key: Key, message: Message) -> bool:
    """Whether a translation lacks a value or has another, or emphasises another number of words."""
    forms = [message.string] if isinstance(message.string, str) else list(message.string)
    english = key if isinstance(key, str) else key[1]
    braces, stars = sorted(_BRACES.findall(english)), english.count("**")
    return any(
        sorted(_BRACES.findall(form)) != braces or form.count("**") != stars for form in forms
    )


def _all_said(message: Message) -> bool:
    forms = [message.string] if isinstance(message.string, str) else message.string
    return all(forms) and bool(forms)


def _key(message: Message) -> Key:
    return message.id if isinstance(message.id, str) else (message.id[0], message.id[1])


def _first(key: Key) -> str:
    return key if isinstance(key, str) else key[0]


def _form(old: Message | None, key: Key) -> str | tuple[str, ...]:
    """The translation that there is, in the forms that the message needs: Chinese has one."""
    said = "" if old is None else old.string
    one = said if isinstance(said, str) else said[-1]
    return one if isinstance(key, str) else (one,)


def _written(catalogue: Catalog) -> str:
    """The file, without dates, which would differ at every run."""
    lines = BytesIO()
    write_po(lines, catalogue, width=100, include_lineno=False, omit_header=True)
    head = (
        'msgid ""\nmsgstr ""\n'
        f'"Language: {catalogue.locale}\\n"\n'
        f'"Plural-Forms: {catalogue.plural_forms}\\n"\n'
        '"MIME-Version: 1.0\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n\n'
    )
    return head + lines.getvalue().decode("utf-8").strip() + "\n"
