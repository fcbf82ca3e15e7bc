"""The first page: Streamlit's HTML with the lesson's name, its claim, and a skeleton of its canvas.

Streamlit's own page is blank until its scripts have loaded and the first run has answered. What is
in the HTML is on screen at once.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from html import escape
from string import Template

from viz.assets import ROOT
from viz.languages import ENGLISH, Language
from viz.lessons import LESSONS, Entry
from viz.text import Message
from viz.translations import script_name, translate

NO_SCRIPT: Message = "Pointwise needs JavaScript. Please switch it on and load this page again."

_HERE = ROOT / "viz" / "first_page"
_LANG = re.compile(r'<html lang="[^"]*"')
_TITLE = re.compile(r"<title>.*?</title>", re.DOTALL)


def first_pages(
    html: str, entries: Iterable[Entry] = LESSONS, language: Language = ENGLISH
) -> dict[str, str]:
    """The HTML of every lesson's address, by the last part of its path; the first lesson has none.

    All have the same inline scripts, so one content security policy serves them.

    Args:
        html: Streamlit's own page.
        entries: the lessons in menu order.
        language: of the names and claims.

    Raises:
        ValueError: if the page is not built as expected.

    >>> pages = first_pages("<head><title>Streamlit</title></head><body></body>")
    >>> "strided" in pages, "<title>Lab · Pointwise</title>" in pages[""]
    (True, True)
    """
    lessons = list(entries)
    script = f"<script>{_script([each.slug for each in lessons])}</script>"
    return {
        "" if each is lessons[0] else each.slug: _page(html, each, script, language)
        for each in lessons
    }


def document_title(entry: Entry, language: Language = ENGLISH) -> str:
    """The title of a lesson's window.

    >>> document_title(LESSONS[0])
    'Lab · Pointwise'
    """
    return f"{translate(entry.title, language)} · Pointwise"


def _page(html: str, entry: Entry, script: str, language: Language) -> str:
    title = escape(document_title(entry, language))
    head = f"<title>{title}</title><style>{_read('skeleton.css')}</style>{_words(language)}"
    html, titles = _TITLE.subn(lambda _: head, html, count=1)
    said = {"title": entry.title, "claim": entry.claim, "noscript": NO_SCRIPT}
    skeleton = Template(_read("skeleton.html")).substitute(
        {name: escape(translate(words, language)) for name, words in said.items()}
    )
    html, bodies = re.subn("<body>", lambda _: f"<body>{skeleton}{script}", html, count=1)
    if not (titles and bodies):
        raise ValueError("Streamlit's page has no <title> or no <body>")
    return _LANG.sub(f'<html lang="{language.tag}"', html, count=1)


def _words(language: Language) -> str:
    """The script with the translations, run before the page's own, which are modules."""
    name = script_name(language)
    return f'<script defer src="./{name}"></script>' if name else ""


def _script(slugs: list[str]) -> str:
    """The inline script, which finds where the app is and removes the skeleton in time."""
    return f"const SLUGS = {json.dumps(slugs)}\n{_read('skeleton.js')}"


def _read(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")
