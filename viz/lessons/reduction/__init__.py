"""Reducing channels: fifty maps to k and back, by PCA, by a trained 1×1, by pools and by choice."""

from viz.lessons.lesson import Lesson
from viz.lessons.opening import Suggestion
from viz.lessons.reduction.claims import claims
from viz.lessons.reduction.questions import questions
from viz.lessons.reduction.sections import SECTIONS
from viz.lessons.reduction.setting import Setting
from viz.lessons.reduction.stages import stages
from viz.lessons.reduction.tour import TOUR

VIEWS = (
    Suggestion("Group max instead", {"method": "max"}),
    Suggestion("Keep 30 of 50", {"kept": 30}),
    Suggestion("All channels, step by step", {"step_by_step": True}),
)

LESSON = Lesson(
    "reduction",
    Setting,
    stages,
    claims,
    SECTIONS,
    views=VIEWS,
    tour=TOUR,
    questions=questions,
)
