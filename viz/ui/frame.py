"""The main script: menu, pickers, and the requested page."""

from __future__ import annotations

import streamlit as st

from viz import warmup
from viz.assets import ROOT
from viz.first_page import document_title
from viz.lessons import LESSONS
from viz.ui.lesson import open_lesson
from viz.ui.loading import loading
from viz.ui.pages import page_of
from viz.ui.pickers import pickers
from viz.ui.previous_next import previous_next
from viz.ui.room import room
from viz.ui.sections import section_title
from viz.ui.sharing import sharing
from viz.ui.shell import shell
from viz.ui.speaking import listen
from viz.ui.text import _

st.set_page_config(
    page_icon=str(ROOT / "assets" / "icon.png"),
    layout="wide",
    initial_sidebar_state="auto",
)
for _sheet in ("frame", "present", "print"):
    st.html(ROOT / "viz" / "ui" / f"{_sheet}.css")

_language = listen()
_pages = [page_of(lesson) for lesson in LESSONS]
_page = st.navigation(_pages, position="sidebar" if len(_pages) > 1 else "hidden", expanded=True)
_lesson = next(
    lesson for lesson, page in zip(LESSONS, _pages, strict=True) if page.url_path == _page.url_path
)

# Present even when empty: a canvas that moves on the page would interrupt a drag.
with st.container(key="loading"):
    if not warmup.ready():
        loading(_lesson, warmup.wait)

room()
_inputs = open_lesson(_lesson.slug)
_section = section_title(_inputs.setting)
st.set_page_config(
    page_title=" · ".join(
        [*([_(_section)] if _section else []), document_title(_lesson, _language)]
    )
)
with st.sidebar:
    shell()
    sharing()
    pickers(_inputs)
# The links come first, because a long section keeps its page's run going.
_body = st.container()
previous_next(_lesson)
with _body:
    _page.run()
