"""The sections below the canvas, by the options of `part`."""

from viz.lessons.pooling_order.sections import agree, curve

SECTIONS = {
    "curve": curve.SECTION,
    "agree": agree.SECTION,
}
