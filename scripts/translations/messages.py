"""Everything that a visitor can read, as messages: from the calls in the code, and from lessons."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from declared import declared
from in_javascript import in_javascript
from in_python import in_python

from viz.assets import ROOT

Key = str | tuple[str, str]  # a message, of a counted one both forms

# Where messages are made that reach the page in a header: JavaScript translates these.
_IN_HEADERS = (
    "viz/lessons/",
    "viz/run/",
    "viz/server/",
    "viz/networks/",
    "viz/settings/",
    "viz/images/",
)
_NOT_IN_HEADERS = re.compile(
    r"/sections/|/__init__\.py|/setting\.py|claims\.py|/questions\.py|/tour\.py|/fields\.py"
)


class Found(NamedTuple):
    """A message, and a file that has it."""

    key: Key
    file: str

    @property
    def for_scripts(self) -> bool:
        """Whether JavaScript shows it."""
        if self.file.endswith(".js"):
            return True
        return self.file.startswith(_IN_HEADERS) and not _NOT_IN_HEADERS.search(self.file)


def messages(root: Path = ROOT) -> dict[Key, list[Found]]:
    """All messages, each with the files that have it, in the order of the files."""
    found: dict[Key, list[Found]] = {}
    for each in sorted(_found(root), key=lambda one: one.file):
        at = found.setdefault(each.key, [])
        if each not in at:
            at.append(each)
    return found


def _found(root: Path) -> Iterator[Found]:
    for file in sorted((root / "viz").rglob("*.py")):
        yield from _of_file(root, file, in_python(file.read_text(encoding="utf-8")))
    for file in sorted((root / "viz").rglob("*.js")):
        yield from _of_file(root, file, in_javascript(file.read_text(encoding="utf-8")))
    for key, name in declared():
        if is_language(key):
            yield Found(key, name)


def _of_file(root: Path, file: Path, keys: Iterable[Key]) -> Iterator[Found]:
    name = file.relative_to(root).as_posix()
    return (Found(key, name) for key in keys if is_language(key))


def is_language(key: Key) -> bool:
    """Whether there is anything to translate; a number or a sign is the same everywhere.

    >>> is_language("3×3"), is_language("{n}"), is_language("{n} px"), is_language("{a}: {b}")
    (False, False, True, True)
    """
    text = key if isinstance(key, str) else key[0]
    return bool(re.search(r"[^\W\d_]|[,;:] ", re.sub(r"\{\w*\}", "", text)))
