"""The state of one visitor, in one tab, until the tab closes."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from secrets import token_urlsafe
from typing import Any, NamedTuple

import streamlit as st

from viz.shell import Shell


class Asked(NamedTuple):
    """The questions that a visitor was asked, in plain data.

    Attributes:
        slug: of the lesson.
        number: how often this visitor has asked for some.
        questions: see `viz.ui.predict`.
    """

    slug: str
    number: int
    questions: Sequence[Mapping[str, Any]]


@dataclass
class Visitor:
    """One browser tab.

    Attributes:
        token: identifies the tab to the route, where a newer request supersedes an older one.
        revision: the last commit of the canvas that was taken over.
        kept: the last address of each lesson.
        shell: what the address last held for all pages alike.
        long_cells: cells set by hand that are too many for the address, by field, as text.
        uploads: the visitor's pictures, digest to name, the newest first.
        gone: pictures that were evicted, likewise.
        messages: messages about the last uploads, one sentence each.
        round: the number of uploads taken in; the uploader starts afresh with each.
        cancelled: the key of the long work that the visitor cancelled, by its name.
        asked: the questions of the open card, about the view in which it was opened.
        times_asked: how often the card was opened.
        blocked_px: the size of a map on screen, if the browser cannot reach our route.
    """

    token: str = field(default_factory=lambda: token_urlsafe(16))
    revision: int = 0
    kept: dict[str, dict[str, str]] = field(default_factory=dict)
    shell: Shell = field(default_factory=Shell)
    long_cells: dict[str, str] = field(default_factory=dict)
    uploads: dict[str, str] = field(default_factory=dict)
    gone: dict[str, str] = field(default_factory=dict)
    messages: list[str] = field(default_factory=list)
    round: int = 0
    cancelled: dict[str, Hashable] = field(default_factory=dict)
    asked: Asked | None = None
    times_asked: int = 0
    blocked_px: int | None = None

    @property
    def names(self) -> dict[str, str]:
        """The names of the visitor's pictures by digest, including evicted ones."""
        return {**self.gone, **self.uploads}


def visitor() -> Visitor:
    """The visitor whose page is running."""
    if "visitor" not in st.session_state:
        st.session_state["visitor"] = Visitor()
    return st.session_state["visitor"]
