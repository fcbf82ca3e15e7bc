"""Words: translated where there is a translation, and prose found by its heading."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from hypothesis import example, given
from hypothesis import strategies as st

from viz import translations
from viz.languages import CHINESE, ENGLISH, Language
from viz.lessons import LESSONS, load, prose_path
from viz.text import Text, counted
from viz.ui.speaking import speaking, spoken
from viz.ui.text import _, language, passage, translated


@given(st.text())
@example("{n}.png")
@example("}{")
def test_without_a_translation_and_values_a_text_is_itself(words: str):
    """Names of files go through it too: braces in them are no places for values."""
    assert _(words) == words


def test_values_go_into_the_braces():
    assert _("{n} of {all}", n=3, all="8") == "3 of 8"
    assert _("row {row}", row="{n}") == "row {n}"


def test_a_counted_text_has_a_form_for_one():
    kernels = [_(counted("{n} kernel", "{n} kernels", n=n)) for n in (0, 1, 2, "1", "1,024")]
    assert kernels == ["0 kernels", "1 kernel", "2 kernels", "1 kernel", "1,024 kernels"]
    said = [str(counted("{n} kernel", "{n} kernels", n=n)) for n in (1, 3)]
    assert said == ["1 kernel", "3 kernels"]


@pytest.fixture
def chinese(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A small catalogue in the place of the Chinese one."""
    catalogue = Catalog(locale="zh_Hans")
    catalogue.add("Weights", "权重", auto_comments=[translations.FOR_SCRIPTS])
    catalogue.add(
        ("{n} kernel", "{n} kernels"), ("{n} 个核",), auto_comments=[translations.FOR_SCRIPTS]
    )
    catalogue.add("After {layer}", "在{layer}之后")
    catalogue.add("Stride", "")
    catalogue.add("Doubtful", "怀疑", flags=["fuzzy"])
    file = tmp_path / "zh_Hans" / "LC_MESSAGES" / "pointwise.po"
    file.parent.mkdir(parents=True)
    with file.open("wb") as lines:
        write_po(lines, catalogue)
    monkeypatch.setattr(translations, "FOLDER", tmp_path)
    for each in CACHED:
        each.cache_clear()
    with speaking(CHINESE):
        yield
    for each in CACHED:
        each.cache_clear()


CACHED = (
    translations.translations,
    translations.script,
    translations.script_name,
    translations.catalogue,
)


@pytest.mark.usefixtures("chinese")
def test_a_translation_takes_the_place_of_the_text():
    assert _("Weights") == "权重"
    assert _("Stride") == "Stride", "not translated yet"
    assert _("Doubtful") == "Doubtful", "a fuzzy translation is a guess"
    assert _("Unknown") == "Unknown"
    assert _("") == ""  # gettext itself answers with the catalogue's head


@pytest.mark.usefixtures("chinese")
def test_values_are_translated_too():
    assert _("After {layer}", layer=Text("Weights")) == "在权重之后"
    assert _("After {layer}", layer="Weights") == "在Weights之后", "a name, the same everywhere"
    assert translated({"a": [Text("Weights"), 1], "b": ("Weights",)}) == {
        "a": ["权重", 1],
        "b": ("Weights",),
    }


@pytest.mark.usefixtures("chinese")
def test_a_language_may_have_one_form_for_every_number():
    assert [_(counted("{n} kernel", "{n} kernels", n=n)) for n in (1, 2)] == ["1 个核", "2 个核"]


@pytest.mark.usefixtures("chinese")
def test_two_visitors_read_two_languages_at_once():
    """Each page's run is a thread of its own."""
    found: dict[str, list[str]] = {}
    both = threading.Barrier(2, timeout=10)

    def visit(who: Language) -> None:
        with speaking(who):
            both.wait()
            found[who.tag] = [_("Weights"), language()]
            both.wait()

    threads = [threading.Thread(target=visit, args=(each,)) for each in (ENGLISH, CHINESE)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert found == {"en": ["Weights", "en"], "zh-Hans": ["权重", "zh-Hans"]}


def test_without_a_page_it_is_english():
    assert spoken() == ENGLISH


@pytest.mark.usefixtures("chinese")
def test_scripts_get_the_messages_that_they_show_and_no_others():
    start, said = translations.script(CHINESE).split("{}, ", 1)
    assert start == "globalThis.pointwiseWords = Object.assign(globalThis.pointwiseWords ?? "
    assert json.loads(said.strip().removesuffix(")")) == {
        "zh-Hans": {"Weights": "权重", "{n} kernel": "{n} 个核"}
    }
    assert re.fullmatch(r"words\.zh-Hans\.[0-9a-f]{8}\.js", translations.script_name(CHINESE))


def test_in_english_scripts_need_no_words():
    assert translations.script_name(ENGLISH) == ""


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
