"""Strided 1×1: it keeps 1/s² of the pixels and never looks at the others."""

from viz.lessons.lesson import Lesson
from viz.lessons.strided.claims import claims
from viz.lessons.strided.sections import SECTIONS
from viz.lessons.strided.setting import Setting
from viz.lessons.strided.stages import STAGES

LESSON = Lesson("strided", Setting, lambda _: STAGES, claims, SECTIONS)
