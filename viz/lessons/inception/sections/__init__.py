"""The sections of the lesson, in the order of the options of `part`."""

from viz.lessons.inception.sections import naive

SECTIONS = {
    "naive": naive.SECTION,
}
