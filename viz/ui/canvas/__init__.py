"""The canvas: stage bar, sliders, filters, maps and receptive field as one component."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import streamlit as st

from viz.settings import Choice, Control, Slider, as_text
from viz.ui import address, jobs, pickers, text
from viz.ui.component import component
from viz.ui.lesson import Inputs
from viz.ui.visitor import visitor
from viz.view import View

if TYPE_CHECKING:
    from viz.lessons.opening import Opening

KEY = "canvas"
BLOCKED_SECONDS = 20

_COMPONENT = component("canvas", '<div class="canvas"></div>', with_styles_of=("diagram",))


def canvas(inputs: Inputs) -> None:
    """Places the canvas of a lesson and takes over what is committed on it."""

    def committed() -> None:
        commit = st.session_state[KEY].get("commit") or {}
        visitor().revision = int(commit.get("revision", 0))
        pickers.take_back(commit.get("names"))
        address.take_in(inputs.lesson, str(commit.get("search", "")))

    def blocked() -> None:
        shown = (st.session_state[KEY].get("blocked") or {}).get("shown_px")
        visitor().blocked_px = min(2048, max(8, int(shown))) if shown else None

    _COMPONENT(key=KEY, data=_data(inputs), on_commit_change=committed, on_blocked_change=blocked)


def _data(inputs: Inputs) -> dict[str, Any]:
    from viz import devices

    lesson = inputs.lesson
    controls = lesson.opening().controls
    values = {
        name: as_text(getattr(inputs.view if name in View.controls() else inputs.setting, name))
        for name in controls
    }
    return {
        "slug": lesson.slug,
        "title": text._(lesson.entry.title),
        "claim": text._(lesson.entry.claim),
        "look_for": text.passage(lesson.slug, "What to look for"),
        "token": visitor().token,
        "settles": devices.available() != ("cpu",),  # only then is there more to measure at rest
        "revision": visitor().revision,
        "fields": {name: _field(control) for name, control in controls.items()},
        "openings": {part: _opening(lesson.opening(part)) for part in ("", *lesson.sections)},
        "values": {**values, "picture": "" if inputs.missing else inputs.chosen},
        "most_cells": address.MAX_CELLS,
        "picture_name": inputs.called(inputs.focus),
        "own_names": dict(inputs.own_names),
        "missing": inputs.missing,
        "wanted": inputs.view.picture,
        "language": text.language(),
        **_inline(inputs),
    }


def _opening(opening: Opening[Any]) -> Mapping[str, Any]:
    """A lesson or section before the visitor changes anything."""
    views = [{"label": text._(each.label), "fields": each.texts} for each in opening.views]
    fields = {name: as_text(value) for name, value in opening.fields.items()}
    return {"fields": fields, "picture": opening.picture, "views": views}


def _field(control: Control[Any]) -> Mapping[str, Any]:
    """A control as the browser needs it, with every value as in the address."""
    described = {
        "kind": type(control).__name__.lower(),
        "default": as_text(control.default),
        "label": text._(control.label),
        "help": text._(control.help),
        "affects_canvas": control.affects_canvas,
    }
    if isinstance(control, Slider):
        limits = {"low": control.low, "high": control.high, "step": control.step}
        said = {
            "unit": control.unit,
            "zero": text._(control.zero),
            "words": tuple(map(text._, control.words)),
        }
        return {**described, **limits, **said}
    if isinstance(control, Choice):
        options = [(as_text(value), text._(word)) for value, word in control.options.items()]
        return {**described, "options": options}
    return described


def _inline(inputs: Inputs) -> dict[str, str]:
    """Maps and photo within the component's data, for a browser that cannot reach our routes."""
    shown_px = visitor().blocked_px
    if shown_px is None:
        return {}
    from viz import images
    from viz.run import Busy, Superseded, drawing
    from viz.run.budget import TooLarge
    from viz.run.in_view import Mismatch

    view = replace(inputs.view, picture=inputs.focus.key)
    asked = (inputs.lesson, inputs.setting, view, inputs.focus, shown_px)
    key = drawing.key_of(*asked)
    try:
        buffer = drawing.ready(key) or jobs.answer(
            jobs.waiting(), "inline", key, lambda: drawing.draw_slices(*asked), BLOCKED_SECONDS
        )
    except (Busy, Mismatch, Superseded, TimeoutError, TooLarge):
        return {}  # the last maps stay on screen
    return {
        "buffer": base64.b64encode(buffer).decode(),
        "photo": f"data:image/png;base64,{base64.b64encode(images.png(inputs.focus.pixels)).decode()}",
    }
