"""Panels of maps side by side, with a common pointer in those of equal shape."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import streamlit as st

from viz.ui import text
from viz.ui.component import component

_COMPONENT = component("panels", '<div class="panels"></div>')


Region = tuple[int, int, int, int]  # top, left, bottom, right in thousandths of the picture


def panels(
    buffer: bytes,
    *,
    key: str,
    height_px: int = 320,
    columns: int = 3,
    narrowest_px: int = 200,
    region: Region | None = None,
    on_region: Callable[[Region], None] | None = None,
) -> None:
    """Shows a buffer of `run.panels.panels_buffer`.

    Args:
        key: the component's key, which stays the same while its data changes.
        height_px: the largest height of the maps of one panel.
        columns: the number of panels side by side, if there is room.
        narrowest_px: the width at which there is still room for a panel beside others.
        region: a rectangle on the panels that are pictures, which the visitor can redraw.
        on_region: called with the rectangle that was drawn.
    """

    def chosen() -> None:
        said = st.session_state[key].get("region")
        if on_region is not None and is_region(said):
            on_region(tuple(said))

    data = {
        "buffer": base64.b64encode(buffer).decode(),
        "height_px": height_px,
        "columns": columns,
        "narrowest_px": narrowest_px,
        "region": region,
        "language": text.language(),
    }
    _COMPONENT(key=key, data=data, on_region_change=chosen)


def is_region(said: Any) -> bool:
    """Whether it is four whole thousandths: a browser may send anything."""
    return (
        isinstance(said, list)
        and len(said) == 4
        and all(type(number) is int and 0 <= number <= 1000 for number in said)
    )
