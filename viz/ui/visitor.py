"""What is remembered of one visitor, in one tab, until the tab closes."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from secrets import token_urlsafe

import streamlit as st


@dataclass
class Visitor:
    """One browser tab.

    Attributes:
        token: says to the route whose request is newest.
        revision: the last commit of the canvas that has been taken in.
        kept: what the address said last, by lesson.
        long_cells: cells set by hand that are too many for the address, by field, as text.
        uploads: the visitor's pictures, digest to name, the newest first.
        gone: those that had to make room, likewise.
        messages: what to say about the last uploads, one sentence each.
        round: counts the uploads taken in; the uploader begins anew with each.
        cancelled: the key of the long work that the visitor cancelled, by what it is called.
        blocked_px: set where the browser cannot reach our route: how large it shows a map.
    """

    token: str = field(default_factory=lambda: token_urlsafe(16))
    revision: int = 0
    kept: dict[str, dict[str, str]] = field(default_factory=dict)
    long_cells: dict[str, str] = field(default_factory=dict)
    uploads: dict[str, str] = field(default_factory=dict)
    gone: dict[str, str] = field(default_factory=dict)
    messages: list[str] = field(default_factory=list)
    round: int = 0
    cancelled: dict[str, Hashable] = field(default_factory=dict)
    blocked_px: int | None = None

    @property
    def names(self) -> dict[str, str]:
        """What the visitor's pictures are called, by digest, those that are gone too."""
        return {**self.gone, **self.uploads}


def visitor() -> Visitor:
    """The visitor whose page is being written."""
    if "visitor" not in st.session_state:
        st.session_state["visitor"] = Visitor()
    return st.session_state["visitor"]
