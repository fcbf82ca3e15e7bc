"""Orientation tuning: a 1×1 layer cannot look sideways, and still it builds complex cells."""

from viz.lessons.lesson import Lesson
from viz.lessons.opening import Suggestion
from viz.lessons.orientation.claims import claims
from viz.lessons.orientation.questions import questions
from viz.lessons.orientation.sections import SECTIONS
from viz.lessons.orientation.setting import Setting
from viz.lessons.orientation.stages import STAGES
from viz.lessons.orientation.tour import TOUR

VIEWS = (
    Suggestion("Max of two phases", {"rectifier": "relu", "pooling": "max"}),
    Suggestion("Max of four", {"phases": 4, "rectifier": "relu", "pooling": "max"}),
    Suggestion("Without a rectifier", {"rectifier": "none"}),
)

LESSON = Lesson(
    "orientation",
    Setting,
    lambda _: STAGES,
    claims,
    SECTIONS,
    picture="camera",
    views=VIEWS,
    tour=TOUR,
    questions=questions,
)
