"""The Lab: a filter bank, a rectifier, cross-channel pooling, a 1×1 and a strided 1×1 layer."""

from viz.lessons.lab.claims import claims
from viz.lessons.lab.setting import Setting
from viz.lessons.lab.stages import STAGES
from viz.lessons.lesson import Lesson

LESSON = Lesson("lab", Setting, lambda _: STAGES, claims, proof_controls=("swapped",))
