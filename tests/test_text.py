"""Words: translated where there is a translation, and prose found by its heading."""

from __future__ import annotations

import gettext
import io
import re
import struct

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from viz.lessons import LESSONS, load, prose_path
from viz.ui import text
from viz.ui.text import LANGUAGE, _, catalogue, passage


def translations(words: dict[str, str]) -> gettext.GNUTranslations:
    """What gettext reads from a catalogue of these words, written byte by byte."""
    entries = sorted({"": "Content-Type: text/plain; charset=UTF-8\n", **words}.items())
    pairs = [(text.encode(), translated.encode()) for text, translated in entries]
    count, at = len(pairs), 28 + 16 * len(pairs)
    tables: list[list[int]] = [[], []]
    body = b""
    for side, table in enumerate(tables):
        for pair in pairs:
            table += [len(pair[side]), at + len(body)]
            body += pair[side] + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, count, 28, 28 + 8 * count, 0, 0)
    return gettext.GNUTranslations(
        io.BytesIO(head + struct.pack(f"<{4 * count}I", *tables[0], *tables[1]) + body)
    )


@pytest.fixture
def german(monkeypatch: pytest.MonkeyPatch) -> None:
    words = {"Weights": "Gewichte", "{n} pictures": "{n} Bilder"}
    monkeypatch.setattr(text, "_CATALOGUE", translations(words))


@given(st.text())
@example("{n}.png")
@example("}{")
def test_without_a_translation_and_values_a_text_is_itself(words: str):
    """Names of files go through it too: braces in them are no places for values."""
    assert _(words) == words


def test_values_go_into_the_braces():
    assert _("{n} of {all}", n=3, all="8") == "3 of 8"
    assert _("row {row}", row="{n}") == "row {n}"


@pytest.mark.usefixtures("german")
def test_a_translation_takes_the_place_of_the_text():
    assert _("Weights") == "Gewichte"
    assert _("{n} pictures", n=3) == "3 Bilder"
    assert _("Stride") == "Stride"
    assert _("") == ""  # gettext itself answers with the catalogue's head


@pytest.mark.usefixtures("german")
def test_the_browser_gets_every_translation():
    assert catalogue() == {"Weights": "Gewichte", "{n} pictures": "{n} Bilder"}


def test_in_english_the_browser_needs_none():
    assert LANGUAGE == "en"
    assert catalogue() == {}


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.slug)
def test_every_lesson_has_the_passages_that_pages_show(lesson):
    for heading in ("What to look for", "Proof", "Code"):
        words = passage(lesson.slug, heading)
        assert len(words.split()) > 10
        assert "## " not in words


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.slug)
def test_what_to_look_for_is_two_sentences_that_fit_under_the_claim(lesson):
    words = passage(lesson.slug, "What to look for")
    assert len(words.replace("**", "")) <= 160
    assert len(re.findall(r"[.!?](?:\s|$)", words)) <= 2
    assert not re.search(r"[_`\[\n]|(?<!\*)\*(?!\*)", words), "the canvas knows bold text alone"


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.slug)
def test_every_section_has_a_passage_under_its_title(lesson):
    part = load(lesson.slug).setting.controls().get("part")
    for title in part.options.values() if part else ():
        assert len(passage(lesson.slug, title).split()) > 10, title


def test_no_passage_is_lost():
    prose = prose_path("lab").read_text(encoding="utf-8")
    headings = [line[3:] for line in prose.splitlines() if line.startswith("## ")]
    whole = "".join(passage("lab", heading) for heading in headings)
    left = prose.removeprefix("# Lab\n")
    for heading in headings:
        left = left.replace(f"## {heading}\n", "", 1)
    assert "".join(whole.split()) == "".join(left.split())


@pytest.mark.parametrize("heading", ["", "Lab", "proof", "Proof ", "Nothing"])
def test_a_heading_that_is_not_there(heading: str):
    with pytest.raises(KeyError):
        passage("lab", heading)
