"""Present, print, theme and language: what is the same on every page, and its keys."""

from __future__ import annotations

import streamlit as st

from viz.ui import address
from viz.ui.component import component
from viz.ui.shell.themes import themes
from viz.ui.speaking import choices
from viz.ui.text import _, language

KEY = "shell"
_COMPONENT = component("shell", '<div class="shell"></div>')


def shell() -> None:
    """Places the controls, and takes over what they change in the address."""

    def changed() -> None:
        said = st.session_state[KEY].get("changed") or {}
        address.change_shell(**{str(name): str(value) for name, value in said.items()})

    _COMPONENT(key=KEY, data=_data(), on_changed_change=changed)


def _data() -> dict[str, object]:
    return {
        "language": language(),
        "languages": choices(),
        "words": {
            "present": _("Present"),
            "present_help": _("Only the figure, large (F)"),
            "print": _("Print"),
            "print_help": _("This view on one sheet, with its address as a QR code"),
            "theme": _("Theme"),
            "language": _("Language"),
            "black": _("The screen is black. Any key or a click brings the page back."),
        },
        "themes": [
            {"name": name, "label": _(theme.label), "info": theme.info}
            for name, theme in themes().items()
        ],
    }
