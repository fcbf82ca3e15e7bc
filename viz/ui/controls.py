"""Fields of a Setting as Streamlit's own widgets, for what stands below the canvas."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from viz.settings import Control, as_text
from viz.ui import address
from viz.ui.lesson import Inputs
from viz.ui.text import _

LONGEST = 22  # letters of all options; more are a list to open, as on the canvas


def control(inputs: Inputs, name: str, *, labelled: bool = True) -> None:
    """A field's widget; what is chosen goes into the address, and the page runs again with it.

    While A is shown nothing can be moved. What cannot be chosen now is not offered, and where something else was built than was asked
    for, the widget says what was built.
    """
    setting = inputs.experiment.resolved(inputs.setting)
    field = setting.controls()[name]
    allowed = inputs.experiment.limits(setting).get(name)
    if field.kind == "choice" and allowed:
        field = replace(field, options=tuple(o for o in field.options if o[0] in allowed))
    st.session_state[name] = getattr(setting, name)

    def changed() -> None:
        value = st.session_state[name]
        if value is not None:  # a segment clicked twice is still the chosen one
            put(inputs, **{name: value})

    words = {
        "label": _(field.label),
        "key": name,
        "help": _(field.help) if labelled else None,
        "label_visibility": "visible" if labelled else "collapsed",
        "on_change": changed,
        "disabled": inputs.fixed,
    }
    _WIDGETS[field.kind](field, words)


def put(inputs: Inputs, **values: Any) -> None:
    """Sets fields of the lesson's Setting or View."""
    said = {name: as_text(value) for name, value in values.items()}
    address.change(inputs.lesson.slug, type(inputs.setting), **said)


def _slider(field: Control, words: dict[str, Any]) -> None:
    kind = type(field.default)
    st.slider(
        min_value=kind(field.low),
        max_value=kind(field.high),
        step=kind(field.step),
        format=f"%g {field.unit}".strip(),
        **words,
    )


def _switch(field: Control, words: dict[str, Any]) -> None:
    st.toggle(**words)


def _choice(field: Control, words: dict[str, Any]) -> None:
    said = dict(field.options)
    if words["label_visibility"] == "visible" and len("".join(map(str, said.values()))) > LONGEST:
        st.selectbox(options=list(said), format_func=lambda value: _(said[value]), **words)
        return
    st.segmented_control(options=list(said), format_func=lambda value: _(said[value]), **words)


_WIDGETS = {"slider": _slider, "switch": _switch, "choice": _choice}
