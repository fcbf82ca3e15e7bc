"""Inception modules: 1×1 layers pay for the 3×3 and the 5×5."""

from viz.lessons.inception.boxes import diagram
from viz.lessons.inception.claims import claims
from viz.lessons.inception.googlenet import fields_of
from viz.lessons.inception.questions import questions
from viz.lessons.inception.sections import SECTIONS
from viz.lessons.inception.setting import Setting
from viz.lessons.inception.stages import STAGES
from viz.lessons.inception.tour import TOUR
from viz.lessons.lesson import Lesson
from viz.lessons.opening import Suggestion
from viz.networks.googlenet import MODULES

VIEWS = (
    Suggestion("Naive module", {"reduced": False, "projected": False}),
    Suggestion("Only the 5×5", {"box": "five", "stage": "five"}),
    Suggestion("GoogLeNet's 3a", fields_of(MODULES[0])),
)

LESSON = Lesson(
    "inception",
    Setting,
    lambda _: STAGES,
    claims,
    SECTIONS,
    picture="camera",
    scale="own",
    views=VIEWS,
    tour=TOUR,
    diagram=diagram,
    questions=questions,
)
