"""What stands below a lesson's canvas: one part open at a time, chosen by the Setting's `part`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from viz.ui.controls import control
from viz.ui.lesson import Inputs
from viz.ui.text import passage

Part = Callable[[Inputs], None]


def parts(inputs: Inputs, of_name: Mapping[str, Part]) -> None:
    """The choice of parts, and of the chosen one its words and what it shows.

    Args:
        of_name: for every option of `part`, in the same order, what draws it.
    """
    chosen = inputs.setting.part
    title = dict(inputs.setting.controls()["part"].options)[chosen]
    with st.container(key="parts"):
        control(inputs, "part", labelled=False)
        st.markdown(passage(inputs.lesson.slug, title))
        of_name[chosen](inputs.drawn)
