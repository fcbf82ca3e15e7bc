"""The pages of the app, one for every lesson."""

from __future__ import annotations

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from viz.lessons import LESSONS, Entry, page_path
from viz.ui.text import _


def page_of(lesson: Entry) -> StreamlitPage:
    """A lesson's page, to be opened or linked to; the first lesson has no path of its own."""
    first = lesson is LESSONS[0]
    return st.Page(
        page_path(lesson.slug),
        title=_(lesson.title),
        default=first,
        url_path=None if first else lesson.slug,
    )


def beside(lesson: Entry, by: int) -> Entry | None:
    """The lesson that many places further in the menu; None beyond its ends.

    >>> beside(LESSONS[0], 1) is LESSONS[1], beside(LESSONS[0], -1)
    (True, None)
    """
    at = LESSONS.index(lesson) + by
    return LESSONS[at] if 0 <= at < len(LESSONS) else None
