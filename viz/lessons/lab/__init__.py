"""The Lab: a filter bank, a rectifier, cross-channel pooling, a 1×1 and a strided 1×1 layer."""

from viz.lessons.lab.claims import claims
from viz.lessons.lab.questions import questions
from viz.lessons.lab.setting import Setting
from viz.lessons.lab.stages import STAGES
from viz.lessons.lab.tour import TOUR
from viz.lessons.lesson import Lesson
from viz.lessons.opening import Suggestion

VIEWS = (
    Suggestion("Mix the maps with a 1×1", {"stage": "pointwise"}),
    Suggestion("Read every 4th pixel", {"stage": "strided", "stride": 4}),
    Suggestion("Eight orientations", {"orientations": 8}),
)

LESSON = Lesson(
    "lab",
    Setting,
    lambda _: STAGES,
    claims,
    proof_controls=("swapped",),
    picture="retina",
    stage="pooling",
    views=VIEWS,
    tour=TOUR,
    questions=questions,
)
