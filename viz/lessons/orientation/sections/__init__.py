"""The sections below the canvas, by the options of `part`."""

from collections.abc import Mapping

from viz.lessons.lesson import Section
from viz.lessons.orientation.sections import complex, cortex, forgets, fourier, kernels, map, tuning
from viz.lessons.orientation.setting import Setting

SECTIONS: Mapping[str, Section[Setting]] = {
    "complex": complex.SECTION,
    "forgets": forgets.SECTION,
    "kernels": kernels.SECTION,
    "fourier": fourier.SECTION,
    "tuning": tuning.SECTION,
    "map": map.SECTION,
    "cortex": cortex.SECTION,
}
