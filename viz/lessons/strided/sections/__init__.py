"""The sections below the canvas, by the options of `part`."""

from viz.lessons.strided.sections import lost, nonspatial_loss, reads, stacks, step

SECTIONS = {
    "reads": reads.SECTION,
    "lost": lost.SECTION,
    "saying": nonspatial_loss.SECTION,
    "stacks": stacks.SECTION,
    "step": step.SECTION,
}
