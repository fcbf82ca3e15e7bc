"""Links from a lesson to the previous and the next one."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from viz.lessons import LESSONS, Entry
from viz.ui.text import _


def previous_next(lesson: Entry, pages: Mapping[str, StreamlitPage]) -> None:
    """Links to the lessons before and after this one, in menu order."""
    at = LESSONS.index(lesson)
    before, after = st.columns(2)
    if at > 0:
        other = LESSONS[at - 1]
        before.page_link(pages[other.slug], label=f"← {_(other.title)}")
    if at + 1 < len(LESSONS):
        other = LESSONS[at + 1]
        after.page_link(pages[other.slug], label=f"{_(other.title)} →")
