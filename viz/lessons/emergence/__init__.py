"""Where oriented filters come from: filters learned from pictures, and from pictures without edges."""

from viz.lessons.emergence.claims import claims
from viz.lessons.emergence.questions import questions
from viz.lessons.emergence.sections import SECTIONS
from viz.lessons.emergence.setting import Setting
from viz.lessons.emergence.stages import STAGES
from viz.lessons.emergence.tour import TOUR
from viz.lessons.lesson import Lesson
from viz.lessons.opening import Suggestion

VIEWS = (
    Suggestion("Learn from noise", {"source": "noise"}),
    Suggestion("Principal components", {"method": "pca"}),
    Suggestion("Learn from one photo", {"source": "own", "picture": "astronaut"}),
)

LESSON = Lesson(
    "emergence",
    Setting,
    lambda _: STAGES,
    claims,
    SECTIONS,
    picture="brick",
    stage="bank",
    scale="own",
    views=VIEWS,
    tour=TOUR,
    questions=questions,
)
