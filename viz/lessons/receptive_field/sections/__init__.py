"""The sections of the lesson, by the options of the field `part`."""

from __future__ import annotations

from viz.lessons.receptive_field.sections import directions, first, growth, law, photo

SECTIONS = {
    "growth": growth.SECTION,
    "photo": photo.SECTION,
    "law": law.SECTION,
    "directions": directions.SECTION,
    "first": first.SECTION,
}
