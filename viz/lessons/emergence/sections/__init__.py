"""The sections below the canvas, by the options of `part`."""

from viz.lessons.emergence.sections import on_top, twin

SECTIONS = {
    "on_top": on_top.SECTION,
    "twin": twin.SECTION,
}
