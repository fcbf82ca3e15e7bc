"""Registers the components of our own: a folder with a module and a style sheet of its name."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from viz.ui.linker import link

_HERE = Path(__file__).parent


def component(name: str, html: str, *, with_styles_of: Sequence[str] = ()) -> Any:
    """The component of the folder `name`, to be called with its data.

    Args:
        name: names the folder, its module and its style sheet.
        html: the element that the module fills.
        with_styles_of: other components, parts of which it draws.
    """
    styles = [_HERE / each / f"{each}.css" for each in (*with_styles_of, name)]
    return st.components.v2.component(
        f"pointwise_{name}",
        html=f"{html}\n",
        css="\n".join(style.read_text(encoding="utf-8") for style in styles),
        js=link(_HERE / name / f"{name}.js"),
    )
