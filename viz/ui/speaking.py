"""The language of the visitor whose page is running; never of the process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from viz.languages import COOKIE, ENGLISH, LANGUAGES, Language, chosen
from viz.translations import script_name
from viz.ui.address import shell

# Of the thread: each visitor's page, and each download, runs in one of its own.
_SPOKEN: ContextVar[Language | None] = ContextVar("spoken", default=None)


def spoken() -> Language:
    """The visitor's language; English where no visitor's page is running."""
    return _SPOKEN.get() or (listen() if get_script_run_ctx() else ENGLISH)


def listen() -> Language:
    """Finds the visitor's language for this run of the page, at its begin."""
    context = st.context
    cookie, accepted = context.cookies.get(COOKIE, ""), context.headers.get("accept-language", "")
    found = chosen(shell().lang, cookie, accepted)
    _SPOKEN.set(found)
    return found


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Speaks a language in this thread, such as that of a download, which has no page."""
    before = _SPOKEN.set(language)
    try:
        yield
    finally:
        _SPOKEN.reset(before)


def choices() -> list[dict[str, str]]:
    """The languages to choose from, each with the script that has its translations, if it has any."""
    return [{"tag": each.tag, "name": each.name, "words": script_name(each)} for each in LANGUAGES]
