"""Inception modules: 1×1 layers pay for the 3×3 and the 5×5."""

from viz.lessons.inception.boxes import diagram
from viz.lessons.inception.claims import claims
from viz.lessons.inception.sections import SECTIONS
from viz.lessons.inception.setting import Setting
from viz.lessons.inception.stages import STAGES
from viz.lessons.lesson import Lesson

LESSON = Lesson(
    "inception",
    Setting,
    lambda _: STAGES,
    claims,
    SECTIONS,
    picture="camera",
    scale="own",
    diagram=diagram,
)
