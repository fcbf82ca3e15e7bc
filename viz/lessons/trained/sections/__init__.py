"""The sections, in the order of the page."""

from typing import Any

from viz.lessons.lesson import Section
from viz.lessons.trained.sections import classifier, drives, field, off, shares, tuning

SECTIONS: dict[str, Section[Any]] = {
    "shares": shares.SECTION,
    "classifier": classifier.SECTION,
    "tuning": tuning.SECTION,
    "off": off.SECTION,
    "drives": drives.SECTION,
    "field": field.SECTION,
}
