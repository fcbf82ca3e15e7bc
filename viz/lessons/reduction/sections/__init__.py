"""The sections below the canvas, by the options of `part`."""

from viz.lessons.reduction.sections import contest, train

SECTIONS = {"contest": contest.SECTION, "train": train.SECTION}
