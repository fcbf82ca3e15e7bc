"""Strided 1×1: it keeps 1/s² of the pixels and never looks at the others."""

from viz.lessons.lesson import Lesson
from viz.lessons.opening import Suggestion
from viz.lessons.strided.claims import claims
from viz.lessons.strided.questions import questions
from viz.lessons.strided.sections import SECTIONS
from viz.lessons.strided.setting import Setting
from viz.lessons.strided.stages import STAGES
from viz.lessons.strided.tour import TOUR

VIEWS = (
    Suggestion("Stride 2: fewer false rings", {"stride": 2}),
    Suggestion("Brick wall", {"picture": "brick"}),
    Suggestion(
        "Oriented maps", {"bank": "gabor", "strided_outputs": 0, "strided_recipe": "identity"}
    ),
)

LESSON = Lesson(
    "strided",
    Setting,
    lambda _: STAGES,
    claims,
    SECTIONS,
    picture="zone_plate",
    views=VIEWS,
    tour=TOUR,
    questions=questions,
)
