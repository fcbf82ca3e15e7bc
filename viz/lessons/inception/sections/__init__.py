"""The sections of the lesson, in the order of the options of `part`."""

from viz.lessons.inception.sections import budget, depth, fields, low_rank, merging, naive

SECTIONS = {
    "naive": naive.SECTION,
    "budget": budget.SECTION,
    "depth": depth.SECTION,
    "merging": merging.SECTION,
    "low_rank": low_rank.SECTION,
    "fields": fields.SECTION,
}
