"""A lesson's page: the canvas, what a click opened, the open section, and the prose."""

from __future__ import annotations

import streamlit as st

from viz.ui import show
from viz.ui.canvas import canvas
from viz.ui.lesson import open_lesson
from viz.ui.sections import sections


def page(slug: str) -> None:
    """Draws the page of a lesson."""
    inputs = open_lesson(slug)
    canvas(inputs)
    with st.container(key="opened"):
        show.unit(inputs.drawn)
        show.card(inputs.drawn)
    below = st.container()
    show.prose(inputs)
    if inputs.lesson.sections:
        with below:  # last, for a long section keeps the run of the page going
            sections(inputs)
