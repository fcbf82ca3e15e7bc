"""The guided tour of a lesson: a bar at the bottom edge, whose steps drive the canvas."""

from __future__ import annotations

from urllib.parse import urlencode

from viz.ui import address
from viz.ui.component import component
from viz.ui.lesson import Inputs
from viz.ui.text import _, language, tour_texts

_COMPONENT = component("tour", '<div class="tour" hidden></div>')


def tour(inputs: Inputs) -> None:
    """Places the tour; while it is closed, nothing of it is seen. The address says which step is open."""
    lesson = inputs.lesson
    texts = tour_texts(lesson.slug)
    steps = [
        {
            "title": _(step.title),
            "text": texts[step.title],
            "query": urlencode(lesson.query_of(step)),
            "light": list(step.light),
        }
        for step in lesson.tour
    ]
    _COMPONENT(
        key="tour",
        data={"slug": lesson.slug, "steps": steps, "language": language()},
        on_closed_change=lambda: address.change_shell(tour=""),
    )
