"""Fields of a Setting as Streamlit widgets, for sections below the canvas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import streamlit as st

from viz.settings import (
    ANY,
    Allowed,
    Boxes,
    Choice,
    Control,
    Layer,
    Layers,
    Slider,
    Switch,
    as_text,
)
from viz.ui import address
from viz.ui.arranging import arranging
from viz.ui.lesson import Inputs
from viz.ui.painting import painting
from viz.ui.stack_builder import Said, stack_builder
from viz.ui.text import _

if TYPE_CHECKING:
    from viz.lessons.lesson import Sprites

MOST_BESIDE = 5
MAX_LETTERS = 22  # of all options; with more it is a drop-down list, as on the canvas


def controls(
    inputs: Inputs, names: Sequence[str], limits: Mapping[str, Allowed] | None = None
) -> None:
    """The widgets of several fields, side by side; of many in several rows of equal length.

    Args:
        inputs: of the page.
        names: of the fields.
        limits: what a section allows of its own fields now, see `viz.lessons.section.Section`.
    """
    lines = -(-len(names) // MOST_BESIDE)
    for line in range(lines):
        shown = names[line * len(names) // lines : (line + 1) * len(names) // lines]
        for column, name in zip(st.columns(len(shown)), shown, strict=True):
            with column:
                control(inputs, name, (limits or {}).get(name, ANY))


def control(inputs: Inputs, name: str, limit: Allowed = ANY, *, labelled: bool = True) -> None:
    """A field's widget; its value goes into the address, and the page runs again with it.

    While A is shown it is disabled. Only what is allowed now is offered, and if another value was
    built than was requested, the widget shows the one that was built.
    """
    outline = inputs.outline
    field = outline.setting.controls()[name].within(outline.allowed(name)).within(limit)
    if isinstance(field, Boxes):
        _boxes(inputs, name, field)
        return
    if isinstance(field, Layers):
        _layers(inputs, name, field)
        return
    st.session_state[name] = _offered(field, getattr(outline.setting, name))

    def changed() -> None:
        value = st.session_state[name]
        if value is not None:  # a segment clicked twice stays chosen
            put(inputs, **{name: value})

    words = {
        "label": _(field.label),
        "key": name,
        "help": _(field.help) if labelled else None,
        "label_visibility": "visible" if labelled else "collapsed",
        "on_change": changed,
        "disabled": inputs.fixed,
    }
    _WIDGETS[type(field)](field, words)


def _offered(field: Control[Any], value: Any) -> Any:
    """The value, or the largest that a slider offers now."""
    return min(value, type(value)(field.high)) if isinstance(field, Slider) else value


def put(inputs: Inputs, /, **values: object) -> None:
    """Sets fields of the lesson's Setting or View."""
    query = {name: as_text(value) for name, value in values.items()}
    address.change(inputs.lesson, **query)


def _slider(field: Slider[Any], words: dict[str, Any]) -> None:
    kind = type(field.default)
    if field.words:
        steps = [kind(field.low + n * field.step) for n in range(len(field.words))]
        st.select_slider(options=steps, format_func=lambda each: _(field.in_words(each)), **words)
        return
    only = field.high <= field.low  # Streamlit refuses a slider of one value
    words |= {"disabled": words["disabled"] or only}
    st.slider(
        min_value=kind(field.low),
        max_value=kind(field.low + field.step if only else field.high),
        step=kind(field.step),
        format=f"%g {field.unit}".strip(),
        **words,
    )


def _switch(field: Switch, words: dict[str, Any]) -> None:
    st.toggle(**words)


def _choice(field: Choice[Any], words: dict[str, Any]) -> None:
    options = field.options
    labelled = words["label_visibility"] == "visible"
    widget: Any = st.segmented_control
    if labelled and len("".join(map(str, options.values()))) > MAX_LETTERS:
        widget = st.selectbox
    widget(options=list(options), format_func=lambda value: _(options[value]), **words)


def _boxes(inputs: Inputs, name: str, field: Boxes) -> None:
    from viz.lessons.blocks import Panel
    from viz.run.panels import panels_buffer

    def painted(boxes: list[list[int]]) -> None:
        found = tuple(map(tuple, boxes))
        if field.read(as_text(found)) is not None:
            put(inputs, **{name: found})

    painting(
        panels_buffer([Panel("", inputs.focus.pixels, kind="colour")]),
        getattr(inputs.outline.setting, name),
        key=name,
        classes=[_(each) for each in field.classes],
        disabled=inputs.fixed,
        on_paint=painted,
    )


def _layers(inputs: Inputs, name: str, field: Layers) -> None:
    def built(said: Said) -> str:
        layers = tuple(Layer(*each) for each in said)  # type: ignore[arg-type]
        why = field.refused(layers)
        if why is None and field.read(as_text(layers)) == layers:
            put(inputs, **{name: layers, **field.by_hand})
        return _(why) if why else ""

    layers = getattr(inputs.outline.setting, name)
    stack_builder(layers, key=name, disabled=inputs.fixed, on_build=built)


def placements(inputs: Inputs, name: str, sprites: Sprites) -> None:
    """The page on which a field of Placements is set."""
    field = inputs.outline.setting.controls()[name]

    def arranged(placed: list[list[int]]) -> None:
        found = tuple(map(tuple, placed))
        if field.read(as_text(found)) is not None:
            put(inputs, **{name: found})

    arranging(
        sprites.pictures.numpy(),
        sprites.names,
        sprites.page_px,
        getattr(inputs.outline.setting, name),
        key=name,
        disabled=inputs.fixed,
        on_arrange=arranged,
    )


_WIDGETS: dict[type[Control[Any]], Any] = {Slider: _slider, Switch: _switch, Choice: _choice}
