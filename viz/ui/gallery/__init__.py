"""Thumbnails of pictures to choose from."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

import streamlit as st

from viz.ui.component import component
from viz.ui.text import _, language

KEY = "gallery"
_COMPONENT = component("gallery", '<div class="gallery" role="radiogroup"></div>')


def gallery(
    pictures: Mapping[str, str],
    chosen: Sequence[str],
    several: bool,
    on_pick: Callable[[str], None],
    own: Collection[str] = (),
    on_remove: Callable[[str], None] | None = None,
) -> None:
    """Shows thumbnails, with the chosen ones framed; `on_pick` gets the key of the clicked one.

    Args:
        pictures: key to name.
        chosen: the keys of the chosen ones.
        several: whether any number can be chosen, or exactly one.
        own: the keys of the visitor's pictures, which can be removed; `on_remove` gets the key.
    """

    from viz.run import pictures as pictures_

    def picked() -> None:
        key = st.session_state[KEY].get("picked")
        if isinstance(key, str):
            on_pick(key)

    def removed() -> None:
        key = st.session_state[KEY].get("removed")
        if on_remove is not None and isinstance(key, str) and key in own:
            on_remove(key)

    shown = [{"key": key, "name": name, "removable": key in own} for key, name in pictures.items()]
    _COMPONENT(
        key=KEY,
        data={
            "pictures": shown,
            "chosen": list(chosen),
            "several": several,
            "label": _("Pictures"),
            "language": language(),
            "side_px": pictures_.THUMBNAIL_PX,
        },
        on_picked_change=picked,
        on_removed_change=removed,
    )
