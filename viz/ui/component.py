"""Registers the components of our own: a folder with a module and a style sheet of its name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from viz.ui.linker import link

_HERE = Path(__file__).parent


def component(name: str, html: str) -> Any:
    """The component of the folder `name`, to be called with its data.

    Args:
        name: names the folder, its module and its style sheet.
        html: the element that the module fills.
    """
    folder = _HERE / name
    return st.components.v2.component(
        f"pointwise_{name}",
        html=f"{html}\n",
        css=(folder / f"{name}.css").read_text(encoding="utf-8"),
        js=link(folder / f"{name}.js"),
    )
