"""Boxes and arrows on the page; a box may be clicked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import streamlit as st

from viz.ui.component import component
from viz.ui.text import _, said

if TYPE_CHECKING:
    from viz.lessons.diagram import Box, Diagram

Values = Mapping[str, object]

_COMPONENT = component("diagram", '<div class="diagram"></div>')


def diagram(
    shown: Diagram, *, key: str, fields: Mapping[str, Values], on_pick: Callable[[Values], None]
) -> None:
    """Places a diagram.

    Args:
        shown: the boxes and arrows.
        key: the component's key, which stays the same while its data changes.
        fields: the values of each box that can be clicked, by its key.
        on_pick: called with the values of the box that was clicked.
    """

    def picked() -> None:
        box = st.session_state[key].get("picked")  # a browser may send anything
        if isinstance(box, str) and box in fields:
            on_pick(fields[box])

    boxes = [_plain(box, box.key in fields) for box in shown.boxes]
    arrows = [list(arrow) for arrow in shown.arrows]
    data = {"boxes": boxes, "arrows": arrows, "label": _(shown.alt), "wraps": shown.wraps}
    _COMPONENT(key=key, data=data, on_picked_change=picked)


def _plain(box: Box, clickable: bool) -> dict[str, Any]:
    return {
        "key": box.key,
        "title": said(box.title),
        "facts": [said(fact) for fact in box.facts],
        "exact": said(box.exact),
        "row": box.row,
        "column": box.column,
        "rows": box.rows,
        "branch": box.branch,
        "clickable": clickable,
        "state": box.state,
    }
