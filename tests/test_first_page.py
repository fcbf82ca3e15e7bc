"""The HTML that a browser shows before any script has run."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
import streamlit

from viz import first_page
from viz.first_page import document_title, first_pages
from viz.languages import CHINESE
from viz.lessons import LESSONS, Entry
from viz.middleware import inline_scripts

HTML = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
PAGES = first_pages(HTML)


class Words(HTMLParser):
    """The text of each kind of element, and the ids of all elements."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.inside: list[str] = []
        self.words: dict[str, str] = {}
        self.ids: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside.append(tag)
        self.ids += [value for name, value in attrs if name == "id" and value]

    def handle_endtag(self, tag: str) -> None:
        while self.inside and self.inside.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self.inside and data.strip():
            self.words.setdefault(self.inside[-1], data.strip())


@pytest.mark.parametrize("entry", LESSONS, ids=lambda entry: entry.slug)
def test_a_lesson_introduces_itself_at_once(entry: Entry):
    page = Words(PAGES["" if entry is LESSONS[0] else entry.slug])
    assert page.words["title"] == document_title(entry)
    assert (page.words["h1"], page.words["p"]) == (entry.title, entry.claim)
    assert page.ids == ["skeleton", "root"]


def test_a_title_is_text():
    odd = Entry("odd", "a < b & <script>", 'x "y" $z', "")
    page = Words(first_pages(HTML, [odd])[""])
    assert (page.words["h1"], page.words["p"]) == (odd.title, odd.claim)


def test_one_policy_serves_all_pages():
    assert len({tuple(inline_scripts(page)) for page in PAGES.values()}) == 1
    assert len(inline_scripts(PAGES[""])) == len(inline_scripts(HTML)) + 1


def test_nothing_else_of_the_page_changes():
    page = re.sub("<title>.*?</style>", "<title>Streamlit</title>", PAGES[""], flags=re.DOTALL)
    added = r"(?<=<body>)(.*?</noscript>\s*<script>.*?</script>)"
    before, skeleton, after = re.split(added, page, maxsplit=1, flags=re.DOTALL)
    assert "skeleton" in skeleton
    assert before + after == HTML


def test_a_page_in_another_language_says_so_at_once(monkeypatch: pytest.MonkeyPatch):
    said = {"Lab": "实验室", LESSONS[0].claim: "移动“滑块”。"}
    monkeypatch.setattr(first_page, "translate", lambda words, language: said.get(words, words))
    monkeypatch.setattr(first_page, "script_name", lambda language: "words.zh-Hans.0a1b2c3d.js")
    html = first_pages(HTML, language=CHINESE)[""]
    page = Words(html)
    assert page.words["title"] == "实验室 · Pointwise"
    assert (page.words["h1"], page.words["p"]) == ("实验室", "移动“滑块”。")
    assert re.findall("<html[^>]*>", html) == ['<html lang="zh-Hans">']
    assert html.count('<script defer src="./words.zh-Hans.0a1b2c3d.js"></script>') == 1
    assert html.index("words.zh-Hans") < html.index('<script type="module"')
    assert inline_scripts(html) == inline_scripts(PAGES[""])


@pytest.mark.parametrize("html", ["<body></body>", "<title>a</title>", ""])
def test_a_page_that_is_built_otherwise_is_refused(html: str):
    with pytest.raises(ValueError, match="no <title> or no <body>"):
        first_pages(html)
