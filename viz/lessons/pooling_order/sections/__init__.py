"""The sections below the canvas, by the options of `part`."""

from viz.lessons.pooling_order.sections import agree, curve, figure, practice, window

SECTIONS = {
    "curve": curve.SECTION,
    "window": window.SECTION,
    "agree": agree.SECTION,
    "figure": figure.SECTION,
    "practice": practice.SECTION,
}
