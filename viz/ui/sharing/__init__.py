"""In the sidebar: sharing the view of this tab, and joining a lecturer's room by its code."""

from __future__ import annotations

from viz.ui.component import component
from viz.ui.text import language

_COMPONENT = component("sharing", '<div class="sharing"></div>')


def sharing() -> None:
    """Places the buttons; the room's own component does what they ask for."""
    _COMPONENT(key="sharing", data={"language": language()})
