"""The sections below the canvas, by the options of `part`."""

from viz.lessons.fully_connected.sections import grid, shapes, slide, surgery

SECTIONS = {
    "shapes": shapes.SECTION,
    "surgery": surgery.SECTION,
    "slide": slide.SECTION,
    "grid": grid.SECTION,
}
