"""The sections below the canvas, by the options of `part`."""

from collections.abc import Mapping

from viz.lessons.lesson import Section
from viz.lessons.orientation.sections import complex, cortex, forgets
from viz.lessons.orientation.setting import Setting

SECTIONS: Mapping[str, Section[Setting]] = {
    "complex": complex.SECTION,
    "forgets": forgets.SECTION,
    "cortex": cortex.SECTION,
}
