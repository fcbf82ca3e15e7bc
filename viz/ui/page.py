"""A lesson's page: the canvas, what a click opened, the open section, and the prose."""

from __future__ import annotations

import streamlit as st

from viz.ui import show
from viz.ui.canvas import canvas
from viz.ui.lesson import open_lesson
from viz.ui.predict import predict
from viz.ui.sections import sections
from viz.ui.text import _
from viz.ui.tour import tour


def page(slug: str) -> None:
    """Draws the page of a lesson; one that lacks something says so, in one sentence."""
    inputs = open_lesson(slug)
    missing = inputs.lesson.missing()
    if missing is not None:
        st.title(_(inputs.lesson.entry.title), anchor=False)
        st.markdown(_(inputs.lesson.entry.claim))
        st.info(_(missing))
        return
    above = st.container(key="question")
    canvas(inputs)
    with above:  # after the canvas, which must not wait for its questions
        predict(inputs)
    tour(inputs)
    with st.container(key="opened"):
        show.unit(inputs.drawn)
        show.card(inputs.drawn)
    below = st.container()
    show.prose(inputs)
    if inputs.lesson.sections:
        with below:  # last, for a long section keeps the run of the page going
            sections(inputs)
