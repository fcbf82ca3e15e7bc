"""What a component that is changed by hand tells Python; a browser may send anything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeGuard

import streamlit as st


def told(key: str, state: str) -> Mapping[str, Any]:
    """The last change that the component told; empty if there is none.

    Args:
        key: of the component.
        state: the name of what it tells.
    """
    said = (st.session_state.get(key) or {}).get(state)
    return said if isinstance(said, Mapping) else {}


def revision(said: Mapping[str, Any]) -> int:
    """The number of a change; older states must not go back to the browser.

    >>> revision({"revision": 3}), revision({"revision": True}), revision({})
    (3, 0, 0)
    """
    found = said.get("revision")
    return found if type(found) is int else 0


def are_rows(said: object, length: int) -> TypeGuard[list[list[int]]]:
    """Whether it is a list of rows of so many whole numbers.

    >>> are_rows([[1, 2]], 2), are_rows([[1, 2.0]], 2), are_rows([[1]], 2), are_rows(None, 2)
    (True, False, False, False)
    """
    return isinstance(said, list) and all(
        isinstance(row, list) and len(row) == length and all(type(n) is int for n in row)
        for row in said
    )
