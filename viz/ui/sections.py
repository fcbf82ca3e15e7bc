"""The sections below a lesson's canvas: one is open at a time, chosen by the field `part`."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import TYPE_CHECKING, Any, cast

import streamlit as st

from viz.settings import Choice, Layers, Setting
from viz.ui.blocks import draw, with_suffix
from viz.ui.controls import control, controls, placements
from viz.ui.jobs import asked
from viz.ui.lesson import Inputs
from viz.ui.previous_next import previous_next_section
from viz.ui.progress import followed
from viz.ui.text import _, passage

if TYPE_CHECKING:
    from viz.lessons.blocks import Block
    from viz.lessons.lesson import Section

FIELD = "part"
WIDTHS = (2, 3)  # of a painting, and of what is beside it


def section_title(setting: Setting) -> str:
    """The title of the section that was chosen; empty for the first one, which nobody chose."""
    control = setting.controls().get(FIELD)
    chosen = getattr(setting, FIELD, None)
    if control is None or chosen == control.default:
        return ""
    return cast(Choice[Any], control).options[chosen]


def sections(inputs: Inputs) -> None:
    """The choice of sections, and the prose, controls and blocks of the open one."""
    name = getattr(inputs.setting, FIELD)
    titles = cast(Choice[Any], inputs.setting.controls()[FIELD]).options
    with st.container(key="sections"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="choice"):
            control(inputs, FIELD, labelled=False)
            previous_next_section(inputs, FIELD, titles)
        with st.container(key="section_title"):  # seen while presenting, instead of the choice
            st.subheader(_(titles[name]), anchor=False)
        with st.container(key="section_words"):
            _words(inputs, name, titles[name])
        section(inputs.drawn, name)


def _words(inputs: Inputs, name: str, title: str) -> None:
    st.markdown(passage(inputs.lesson.slug, title))
    opened = inputs.lesson.sections[name]
    if opened.own_data(inputs.outline.setting):
        st.caption(_("This section has data of its own. It does not read the picture."))
    if opened.opening or opened.picture:
        st.caption(_("This section opens with a view of its own, also above. Undo goes back."))


def section(inputs: Inputs, name: str) -> None:
    """One section: its controls, then its blocks from the queue, the first beside the painting."""
    from viz.run import sections

    lesson, setting = inputs.lesson, inputs.setting
    section = lesson.sections[name]
    built = inputs.outline.setting
    controls(inputs, section.controls(built), section.limits(built))
    given = (lesson, name, setting, inputs.view, inputs.focus)
    key, work = sections.section_key(*given), partial(sections.section, *given)
    with _beside(inputs, section):
        if section.is_long:
            shown = followed("section", key, work, partial(_newest, inputs))
        else:
            shown = asked("section", key, work)
        first, *rest = shown or (None,)
        if first is not None:
            draw(inputs, first)
    for block in rest:
        draw(inputs, block)


def _beside(inputs: Inputs, section: Section[Any]) -> AbstractContextManager[Any]:
    """The place right of the field that is set by hand, or below a stack that is built."""
    painting = section.painting
    if not painting:
        return nullcontext()
    if isinstance(inputs.setting.controls()[painting], Layers):
        control(inputs, painting)
        return nullcontext()
    left, right = st.columns(WIDTHS, gap="medium")
    with left:
        if section.sprites:
            placements(inputs, section.painting, section.sprites())
        else:
            control(inputs, section.painting)
    return right


def _newest(inputs: Inputs, blocks: Sequence[Block], suffix: str) -> None:
    """Draws the partial result of long work, under keys that are unique in a run."""
    for block in blocks:
        draw(inputs, with_suffix(block, suffix))
