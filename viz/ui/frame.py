"""The main script: menu, pickers, and the requested page."""

from __future__ import annotations

import streamlit as st

from viz import warmup
from viz.assets import ROOT
from viz.lessons import LESSONS, page_path
from viz.ui.lesson import open_lesson
from viz.ui.loading import loading
from viz.ui.pickers import pickers
from viz.ui.previous_next import previous_next
from viz.ui.text import _

st.set_page_config(
    page_title="Pointwise",
    page_icon=str(ROOT / "assets" / "icon.png"),
    layout="wide",
    initial_sidebar_state="auto",
)
st.html(ROOT / "viz" / "ui" / "frame.css")

_pages = {
    lesson.slug: st.Page(
        page_path(lesson.slug),
        title=_(lesson.title),
        default=lesson is LESSONS[0],
        url_path=None if lesson is LESSONS[0] else lesson.slug,
    )
    for lesson in LESSONS
}
_page = st.navigation(list(_pages.values()), position="sidebar" if len(_pages) > 1 else "hidden")
_lesson = next(one for one in LESSONS if _pages[one.slug].url_path == _page.url_path)

# Present even when empty: a canvas that moves on the page would interrupt a drag.
with st.container(key="loading"):
    if not warmup.ready():
        loading(_lesson, warmup.wait)

with st.sidebar:
    pickers(open_lesson(_lesson.slug))
# The links come first, because a long section keeps its page's run going.
_body = st.container()
previous_next(_lesson, _pages)
with _body:
    _page.run()
