"""The sections below the canvas, by the options of `part`."""

from viz.lessons.pointwise.sections import channel_reduction, groups, merge, space, step, ways

SECTIONS = {
    "step": step.SECTION,
    "space": space.SECTION,
    "ways": ways.SECTION,
    "merge": merge.SECTION,
    "groups": groups.SECTION,
    "fewer": channel_reduction.SECTION,
}
