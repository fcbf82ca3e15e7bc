"""What stands below a lesson's canvas: one section open at a time, chosen by the field `part`."""

from __future__ import annotations

from typing import Any, cast

import streamlit as st

from viz.settings import Choice
from viz.ui.blocks import draw
from viz.ui.controls import control, controls
from viz.ui.jobs import asked
from viz.ui.lesson import Inputs
from viz.ui.text import passage

FIELD = "part"


def sections(inputs: Inputs) -> None:
    """The choice of sections, and of the open one its prose, its controls and its blocks."""
    name = getattr(inputs.setting, FIELD)
    title = cast(Choice[Any], inputs.setting.controls()[FIELD]).options[name]
    with st.container(key="sections"):
        control(inputs, FIELD, labelled=False)
        st.markdown(passage(inputs.lesson.slug, title))
        section(inputs.drawn, name)


def section(inputs: Inputs, name: str) -> None:
    """One section: its controls, then what the queue has computed, block by block."""
    from viz.run import sections

    lesson, setting = inputs.lesson, inputs.setting
    controls(inputs, lesson.sections[name].controls(inputs.outline.setting))
    shown = asked(
        "section",
        sections.section_key(lesson, name, setting, inputs.view, inputs.focus),
        lambda: sections.section(lesson, name, setting, inputs.view, inputs.focus),
    )
    for block in shown or ():
        draw(inputs, block)
