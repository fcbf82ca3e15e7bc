"""The sections below the canvas, by the options of `part`."""

from viz.lessons.reduction.sections import contest, correlation, relu, task, train

SECTIONS = {
    "contest": contest.SECTION,
    "train": train.SECTION,
    "correlation": correlation.SECTION,
    "relu": relu.SECTION,
    "task": task.SECTION,
}
