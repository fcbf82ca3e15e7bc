"""A stack of layers that the visitor builds by hand: one box a layer, and the numbers of one of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeGuard

import streamlit as st

from viz.settings import MAX_LAYERS, Layers, LayerValues
from viz.ui import text
from viz.ui.component import component
from viz.ui.text import _

Said = list[list[str | int]]
_COMPONENT = component("stack_builder", '<div class="builder"></div>')
KINDS = {"c": "convolution", "d": "depthwise", "m": "max pool", "a": "average pool"}
NUMBERS = 5  # of a layer, beside its kind


def stack_builder(
    layers: LayerValues,
    *,
    key: str,
    disabled: bool,
    on_build: Callable[[Said], str],
) -> None:
    """Shows the layers, one of them with its numbers.

    Args:
        layers: the stack.
        key: the component's key, which stays the same while its data changes.
        disabled: whether nothing can be changed.
        on_build: called with all layers after each change; they may be anything that
            `are_layers` lets through. Returns why they are refused, or an empty text.
    """

    def built() -> None:
        said = _said(key).get("layers")
        if are_layers(said):
            st.session_state[f"{key}_refused"] = on_build(said)

    data = {
        "layers": layers,
        "kinds": [(kind, _(word)) for kind, word in KINDS.items()],
        "most": dict(Layers.most),
        "most_layers": MAX_LAYERS,
        "disabled": disabled,
        "refused": st.session_state.get(f"{key}_refused", ""),
        "revision": _revision(key),
        "language": text.language(),
    }
    _COMPONENT(key=key, data=data, on_built_change=built)


def _said(key: str) -> dict[str, object]:
    return (st.session_state.get(key) or {}).get("built") or {}


def _revision(key: str) -> int:
    """The last change that the browser has told; older layers must not come back to it."""
    revision = _said(key).get("revision")
    return revision if type(revision) is int else 0


def are_layers(said: object) -> TypeGuard[Said]:
    """Whether it is a list of a kind and five whole numbers each: a browser may send anything."""
    return isinstance(said, list) and all(map(_is_layer, said))


def _is_layer(said: object) -> bool:
    if not isinstance(said, Sequence) or isinstance(said, str) or len(said) != 1 + NUMBERS:
        return False
    kind, *numbers = said
    return isinstance(kind, str) and all(type(number) is int for number in numbers)
