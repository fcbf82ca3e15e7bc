"""The catalogues are complete, the prose of every language says the same, the code is read whole."""

from __future__ import annotations

import doctest
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import catalogues
import pytest
from babel.messages.catalog import Catalog
from catalogues import problems, read, update
from in_javascript import in_javascript
from in_python import in_python
from messages import Found, Key, is_language, messages

from viz import images
from viz.assets import ROOT
from viz.languages import CHINESE, ENGLISH, LANGUAGES, Language
from viz.lessons import LESSONS, Entry, load, prose_path
from viz.run import drawing
from viz.translations import FOR_SCRIPTS, catalogue_path

TRANSLATED = [each for each in LANGUAGES if each != ENGLISH]
every_translation = pytest.mark.parametrize("language", TRANSLATED, ids=lambda each: each.tag)


@pytest.fixture(scope="module")
def found() -> dict[Key, list[Found]]:
    """All messages of the code."""
    return messages()


# ── What is shipped ─────────────────────────────────────────────────────────────────────────────


@every_translation
def test_every_message_is_translated_with_its_braces(
    language: Language, found: dict[Key, list[Found]]
):
    assert len(found) > 1000
    wrong = list(problems(read(language), found))
    assert not wrong, (
        "python scripts/translations update; translate; python scripts/translations check"
    )


@every_translation
def test_the_catalogue_is_as_the_script_writes_it(
    language: Language,
    found: dict[Key, list[Found]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    before = catalogue_path(language).read_text(encoding="utf-8")
    monkeypatch.setattr(catalogues, "catalogue_path", lambda language: tmp_path / "po")
    (tmp_path / "po").write_text(before, encoding="utf-8")
    update(language, found)
    assert (tmp_path / "po").read_text(encoding="utf-8") == before


_HEADING = re.compile(r"^#{2,3} .*$", re.MULTILINE)


@every_translation
@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.slug)
def test_prose_has_the_same_passages(lesson: Entry, language: Language):
    """Headings are keys, and stay English; the page shows their titles from the catalogue."""
    english, translated = (
        prose_path(lesson.slug, folder).read_text(encoding="utf-8")
        for folder in ("en", language.folder)
    )
    assert _HEADING.findall(translated) == _HEADING.findall(english)
    for heading, one, other in zip(
        _HEADING.findall(english),
        _HEADING.split(english)[1:],
        _HEADING.split(translated)[1:],
        strict=True,
    ):
        assert bool(one.strip()) == bool(other.strip()), heading
        assert numbers(one) == numbers(other), heading
        assert sorted(re.findall(r"`[^`]*`", one)) == sorted(re.findall(r"`[^`]*`", other)), heading


def numbers(text: str) -> Counter[str]:
    """The numbers of a text with figures in it, but small ones, which may also be written as words."""
    text = text.replace("\u00a0", " ")
    return Counter(each for each in re.findall(r"\d+(?:[.,]\d+)*", text) if len(each) > 1)


# ── What the browser gets ───────────────────────────────────────────────────────────────────────


def headers(lesson: Entry) -> Iterator[dict[str, Any]]:
    """The headers of a lesson's canvas, at the opening of each of its sections."""
    known = load(lesson.slug)
    photo = images.find("coffee")
    for part in known.sections or [""]:
        view, setting = known.read({"part": part, "working_size_px": "48"})
        buffer = drawing.draw(known, setting, view, images.at_working_size(photo, 48), 48)
        yield json.loads(buffer[4 : 4 + int.from_bytes(buffer[:4], "little")])


def texts(found: Any) -> Iterator[Key]:
    """The messages in the data of a header, where each is a list with its values and its plural."""
    if isinstance(found, dict):
        found = [*found.values()]
    if isinstance(found, list):
        if len(found) == 3 and isinstance(found[1], dict) and isinstance(found[2], str):
            yield (found[0], found[2]) if found[2] else found[0]
        for each in found:
            yield from texts(each)


LAYER = re.compile(r"\w+\.[\w.]+")  # a layer of a network, by its name in the program


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.slug)
def test_scripts_know_every_message_of_a_header(lesson: Entry, found: dict[Key, list[Found]]):
    said = {key for header in headers(lesson) for key in texts(header) if is_language(key)}
    said = {key for key in said if isinstance(key, tuple) or not LAYER.fullmatch(key)}
    assert said
    assert not said - found.keys()
    assert not {key for key in said if not any(each.for_scripts for each in found[key])}


LITERAL = re.compile(
    r"""(?:"aria-label": |title: |alt: |textContent = |ariaLabel: )"[^"]*[A-Za-z]{3}"""
    r"""|\bh\("\w+", \{[^{}]*\}, "[^"]*[A-Za-z]{3}"""
)


@pytest.mark.parametrize(
    "file", sorted((ROOT / "viz" / "ui").rglob("*.js")), ids=lambda file: file.name
)
def test_scripts_show_no_words_that_are_not_translated(file: Path):
    assert not LITERAL.findall(file.read_text(encoding="utf-8"))


# ── The scripts that find and check ─────────────────────────────────────────────────────────────


@pytest.mark.parametrize("module", [in_javascript, in_python, messages], ids=lambda of: of.__name__)
def test_the_examples_of_the_scripts_run(module: Callable[..., object]):
    done = doctest.testmod(sys.modules[module.__module__])
    assert done.attempted
    assert not done.failed


def test_every_kind_of_problem_is_named():
    catalogue = Catalog(locale="zh_Hans")
    catalogue.add("Good {n}", "好 {n}")
    catalogue.add("Silent", "")
    catalogue.add("Gone", "没了")
    catalogue.add("Guessed", "猜", flags=["fuzzy"])
    catalogue.add("A {b} **c**", "{d} **c**")
    catalogue.add("Strong **c**", "c")
    catalogue.add(("{n} map", "{n} maps"), ("张图",))
    keys: list[Key] = ["Good {n}", "Silent", "Guessed", "A {b} **c**", "Strong **c**", "New"]
    found = {key: [Found(key, "a.py")] for key in (*keys, ("{n} map", "{n} maps"))}
    assert sorted(problems(catalogue, found)) == [
        ("doubtful", "Guessed"),
        ("missing", "New"),
        ("other braces or stars", "A {b} **c**"),
        ("other braces or stars", "Strong **c**"),
        ("other braces or stars", "{n} map"),
        ("untranslated", "Silent"),
        ("unused", "Gone"),
    ]


def test_an_update_keeps_what_is_translated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(catalogues, "catalogue_path", lambda language: tmp_path / "a" / "po")
    maps = ("{n} map", "{n} maps")
    before: dict[Key, list[Found]] = {key: [Found(key, "a.py")] for key in ("Old", "Stays", maps)}
    update(CHINESE, before)
    file = tmp_path / "a" / "po"
    written = file.read_text(encoding="utf-8")
    for one, said in (('"Stays"\nmsgstr ""', "留"), ('"{n} maps"\nmsgstr[0] ""', "{n} 张图")):
        assert one in written
        written = written.replace(one, one[:-1] + f'{said}"')
    file.write_text(written, encoding="utf-8")
    now = {key: [Found(key, "b.js")] for key in ("Stays", maps, "New")}
    update(CHINESE, now)
    again = {message.id: message for message in read(CHINESE) if message.id}
    assert {key: message.string for key, message in again.items()} == {
        "Stays": "留",
        maps: ("{n} 张图",),
        "New": "",
    }
    assert again["Stays"].auto_comments == [FOR_SCRIPTS]
    assert [name for name, _ in again["Stays"].locations] == ["b.js"]
