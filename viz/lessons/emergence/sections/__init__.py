"""The sections below the canvas, by the options of `part`."""

from viz.lessons.emergence.sections import controls, learn, on_top, twin

SECTIONS = {
    "learn": learn.SECTION,
    "controls": controls.SECTION,
    "on_top": on_top.SECTION,
    "twin": twin.SECTION,
}
