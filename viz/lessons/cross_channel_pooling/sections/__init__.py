"""The sections below the canvas, by the options of `part`."""

from viz.lessons.cross_channel_pooling.sections import (
    complex_cell,
    ladder,
    pixel,
    shuffle,
    units,
    winners,
)

SECTIONS = {
    "pixel": pixel.SECTION,
    "winners": winners.SECTION,
    "ladder": ladder.SECTION,
    "shuffle": shuffle.SECTION,
    "units": units.SECTION,
    "phase": complex_cell.SECTION,
}
