"""The 1×1 convolution: one matrix, applied at every pixel."""

from viz.lessons.lesson import Lesson
from viz.lessons.pointwise.claims import claims
from viz.lessons.pointwise.sections import SECTIONS
from viz.lessons.pointwise.setting import Setting
from viz.lessons.pointwise.stages import STAGES

LESSON = Lesson("pointwise", Setting, lambda _: STAGES, claims, SECTIONS, ("swapped",))
