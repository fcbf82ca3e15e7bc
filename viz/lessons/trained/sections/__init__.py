"""The sections, in the order of the page."""

from typing import Any

from viz.lessons.lesson import Section
from viz.lessons.trained.sections import shares

SECTIONS: dict[str, Section[Any]] = {"shares": shares.SECTION}
