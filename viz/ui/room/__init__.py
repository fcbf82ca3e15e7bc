"""The room of a lecture: one tab leads, others follow its view on canvases of their own."""

from __future__ import annotations

from viz.lessons import LESSONS
from viz.ui import address
from viz.ui.component import component
from viz.ui.text import language
from viz.ui.told import told

KEY = "room"

_COMPONENT = component("room", '<div class="room"></div>')


def room() -> None:
    """Places the strip of a follower and the dialog of a lecturer, for as long as the tab is open."""

    def changed() -> None:
        address.change_shell(room=str(told(KEY, "shell").get("room", "")))

    data = {"slugs": [lesson.slug for lesson in LESSONS], "language": language()}
    _COMPONENT(key=KEY, data=data, on_shell_change=changed)
