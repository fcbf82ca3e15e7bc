"""The sections of the lesson, in the order of the options of `part`."""

from viz.lessons.inception.sections import budget, naive

SECTIONS = {
    "naive": naive.SECTION,
    "budget": budget.SECTION,
}
