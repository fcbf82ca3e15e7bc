"""The themes of the page, as Streamlit's own front end takes them from the page around it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import streamlit as st

from viz.text import Message

LIGHT, DARK = 0, 1  # Streamlit's bases
INK, PAPER, BLUE = "#000000", "#ffffff", "#0000a8"

# For projectors that are washed out: black on white, lines in place of grounds, nothing pale.
CONTRAST = {
    "base": LIGHT,
    "textColor": INK,
    "backgroundColor": PAPER,
    "secondaryBackgroundColor": PAPER,
    "primaryColor": BLUE,
    "borderColor": INK,
    "showWidgetBorder": True,
    "showSidebarBorder": True,
    "linkColor": BLUE,
    "linkUnderline": True,
    "codeBackgroundColor": PAPER,
    "codeTextColor": INK,
    "dataframeBorderColor": INK,
    "dataframeHeaderBackgroundColor": PAPER,
}


class Theme(NamedTuple):
    """A theme: its name for visitors, and the fields of Streamlit's CustomThemeConfig."""

    label: Message
    info: Mapping[str, object]


NAMES: Mapping[str, Message] = {"light": "Light", "dark": "Dark", "contrast": "High contrast"}


def themes() -> dict[str, Theme]:
    """Every theme by its name in the browser's storage; the first two are those of the config."""
    size = {"baseFontSize": st.get_option("theme.baseFontSize")}
    light, dark = (st.get_option(f"theme.{base}.primaryColor") for base in ("light", "dark"))
    infos: dict[str, dict[str, object]] = {
        "light": {"base": LIGHT, "primaryColor": light},
        "dark": {"base": DARK, "primaryColor": dark},
        "contrast": CONTRAST,
    }
    return {name: Theme(NAMES[name], {**size, **info}) for name, info in infos.items()}
