"""From a lesson to the previous and the next one, and likewise from section to section.

The keys B and N click these: a container's key tells the canvas's script where they are.
"""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from viz.lessons import Entry
from viz.text import Text, text
from viz.ui.controls import put
from viz.ui.lesson import Inputs
from viz.ui.pages import beside, page_of
from viz.ui.text import _


def previous_next(lesson: Entry) -> None:
    """Links to the lessons before and after this one, in menu order."""
    before, after = st.columns(2)
    with before.container(key="previous_lesson"):
        _lesson(beside(lesson, -1), text("← {title}"))
    with after.container(key="next_lesson"):
        _lesson(beside(lesson, 1), text("{title} →"))


def previous_next_section(inputs: Inputs, field: str, titles: Mapping[str, str]) -> None:
    """Which section is open, buttons to its neighbours, and after the last one to the next lesson.

    Args:
        inputs: the inputs of the page.
        field: the field of the Setting that says which section is open.
        titles: every section's title, in order.
    """
    names = list(titles)
    at = names.index(getattr(inputs.setting, field))

    def button(name: str, key: str, label: Text) -> None:
        with st.container(key=key, width="content"):
            st.button(
                _(label.message, title=_(titles[name])),
                key=f"{key}_button",
                type="tertiary",
                on_click=lambda: put(inputs, **{field: name}),
            )

    with st.container(key="steps", width="content", horizontal=True, vertical_alignment="center"):
        if at > 0:
            button(names[at - 1], "previous_section", text("← {title}"))
        st.markdown(_(":small[{n} of {count}]", n=at + 1, count=len(names)), width="content")
        if at + 1 < len(names):
            button(names[at + 1], "next_section", text("Next: {title} →"))
        else:
            with st.container(key="next_section", width="content"):
                _lesson(beside(inputs.lesson.entry, 1), text("Next lesson: {title} →"))


def _lesson(lesson: Entry | None, label: Text) -> None:
    if lesson is not None:
        st.page_link(page_of(lesson), label=_(label.message, title=_(lesson.title)))
