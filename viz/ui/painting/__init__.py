"""The photo with rectangles of several classes, which the visitor draws by hand."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from typing import TypeGuard

import streamlit as st

from viz.settings import MAX_BOXES, BoxValues
from viz.ui import text
from viz.ui.component import component

HEIGHT_PX = 600
_COMPONENT = component("painting", '<div class="painting"></div>')


def painting(
    buffer: bytes,
    boxes: BoxValues,
    *,
    key: str,
    classes: Sequence[str],
    disabled: bool,
    on_paint: Callable[[list[list[int]]], None],
) -> None:
    """Shows the photo and its rectangles.

    Args:
        buffer: the photo as the only panel of `run.panels.panels_buffer`.
        boxes: the rectangles.
        key: the component's key, which stays the same while its data changes.
        classes: the names of the classes.
        disabled: whether nothing can be drawn.
        on_paint: called with all rectangles after each change; their numbers may be anything.
    """

    def painted() -> None:
        said = (st.session_state[key].get("painted") or {}).get("boxes")
        if are_boxes(said):
            on_paint(said)

    data = {
        "buffer": base64.b64encode(buffer).decode(),
        "boxes": boxes,
        "classes": list(classes),
        "most": MAX_BOXES,
        "height_px": HEIGHT_PX,
        "disabled": disabled,
        "revision": _revision(key),
        "words": dict(text.catalogue()),
    }
    _COMPONENT(key=key, data=data, on_painted_change=painted)


def _revision(key: str) -> int:
    """The last change that the browser has told; older rectangles must not come back to it."""
    said = (st.session_state.get(key) or {}).get("painted") or {}
    revision = said.get("revision")
    return revision if type(revision) is int else 0


def are_boxes(said: object) -> TypeGuard[list[list[int]]]:
    """Whether it is a list of fives of whole numbers: a browser may send anything."""
    return isinstance(said, list) and all(
        isinstance(box, list) and len(box) == 5 and all(type(n) is int for n in box) for box in said
    )
