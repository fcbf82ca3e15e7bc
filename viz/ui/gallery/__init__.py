"""Thumbnails of pictures to choose from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from viz.ui.component import component
from viz.ui.text import _

KEY = "gallery"
_COMPONENT = component("gallery", '<div class="gallery" role="radiogroup"></div>')


def gallery(
    pictures: Mapping[str, str],
    chosen: Sequence[str],
    several: bool,
    on_pick: Callable[[str], None],
) -> None:
    """Shows thumbnails, with the chosen ones framed; `on_pick` gets the key of the clicked one.

    Args:
        pictures: key to name.
        chosen: the keys of the chosen ones.
        several: whether any number can be chosen, or exactly one.
    """

    from viz.run import pictures as pictures_

    def picked() -> None:
        key = st.session_state[KEY].get("picked")
        if isinstance(key, str):
            on_pick(key)

    shown = [{"key": key, "name": name} for key, name in pictures.items()]
    _COMPONENT(
        key=KEY,
        data={
            "pictures": shown,
            "chosen": list(chosen),
            "several": several,
            "label": _("Pictures"),
            "side_px": pictures_.THUMBNAIL_PX,
        },
        on_picked_change=picked,
    )
