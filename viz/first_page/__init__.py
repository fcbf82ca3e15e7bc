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
from viz.lessons import LESSONS, Entry

_HERE = ROOT / "viz" / "first_page"
_TITLE = re.compile(r"<title>.*?</title>", re.DOTALL)


def first_pages(html: str, entries: Iterable[Entry] = LESSONS) -> dict[str, str]:
    """The HTML of every lesson's address, by the last part of its path; the first lesson has none.

    All have the same inline scripts, so one content security policy serves them.

    Args:
        html: Streamlit's own page.
        entries: the lessons in menu order.

    Raises:
        ValueError: if the page is not built as expected.

    >>> pages = first_pages("<head><title>Streamlit</title></head><body></body>")
    >>> "strided" in pages, "<title>Lab · Pointwise</title>" in pages[""]
    (True, True)
    """
    lessons = list(entries)
    script = f"<script>{_script([each.slug for each in lessons])}</script>"
    return {"" if each is lessons[0] else each.slug: _page(html, each, script) for each in lessons}


def document_title(entry: Entry) -> str:
    """The title of a lesson's window.

    >>> document_title(LESSONS[0])
    'Lab · Pointwise'
    """
    return f"{entry.title} · Pointwise"


def _page(html: str, entry: Entry, script: str) -> str:
    head = f"<title>{escape(document_title(entry))}</title><style>{_read('skeleton.css')}</style>"
    html, titles = _TITLE.subn(lambda _: head, html, count=1)
    skeleton = Template(_read("skeleton.html")).substitute(
        title=escape(entry.title), claim=escape(entry.claim)
    )
    html, bodies = re.subn("<body>", lambda _: f"<body>{skeleton}{script}", html, count=1)
    if not (titles and bodies):
        raise ValueError("Streamlit's page has no <title> or no <body>")
    return html


def _script(slugs: list[str]) -> str:
    """The inline script, which finds where the app is and removes the skeleton in time."""
    return f"const SLUGS = {json.dumps(slugs)}\n{_read('skeleton.js')}"


def _read(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")
