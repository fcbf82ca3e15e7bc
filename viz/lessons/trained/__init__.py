"""What 1×1 layers do in a network that was trained."""

from viz.lessons.lesson import Lesson
from viz.lessons.opening import Suggestion
from viz.lessons.trained.boxes import diagram
from viz.lessons.trained.claims import claims
from viz.lessons.trained.networks import missing
from viz.lessons.trained.questions import questions
from viz.lessons.trained.sections import SECTIONS
from viz.lessons.trained.setting import Setting
from viz.lessons.trained.stages import stages
from viz.lessons.trained.tour import TOUR

VIEWS = (
    Suggestion("Widened by a 1×1", {"layer": 8}),
    Suggestion("Filtered alone", {"layer": 9}),
    Suggestion("The last 1×1 before the classes", {"layer": 50}),
)

LESSON = Lesson(
    "trained",
    Setting,
    stages,
    claims,
    SECTIONS,
    picture="camera",
    scale="own",
    views=VIEWS,
    tour=TOUR,
    diagram=diagram,
    questions=questions,
    missing=missing,
)
