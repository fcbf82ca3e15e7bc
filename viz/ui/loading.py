"""The page during the warm-up."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from viz.lessons import Entry
from viz.ui.text import _


def loading(lesson: Entry, wait: Callable[[], None]) -> None:
    """Shows what the lesson is about, in the place of the page, until `wait` returns."""
    place = st.empty()
    warming = _("Warming up the layers …")
    place.markdown(f"## {_(lesson.title)}\n\n{_(lesson.claim)}\n\n:small[{warming}]")
    wait()
    place.empty()
