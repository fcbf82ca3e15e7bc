"""Buttons that save the view on screen, with filters, maps and field, as the browser shows it."""

from __future__ import annotations

from viz.ui.component import component
from viz.ui.text import _

_COMPONENT = component("saving", '<div class="saving"></div>')


def saving() -> None:
    """Places the buttons; the canvas of the page makes the file that is asked for."""
    files = [
        {"ending": "svg", "label": _("This view, text as text (.svg)")},
        {"ending": "png", "label": _("This view (.png)")},
    ]
    _COMPONENT(key="saving", data={"files": files})
