"""The 1×1 convolution: one matrix, applied at every pixel."""

from viz.lessons.lesson import Lesson
from viz.lessons.opening import Suggestion
from viz.lessons.pointwise.claims import claims
from viz.lessons.pointwise.questions import questions
from viz.lessons.pointwise.sections import SECTIONS
from viz.lessons.pointwise.setting import Setting
from viz.lessons.pointwise.stages import STAGES
from viz.lessons.pointwise.tour import TOUR

VIEWS = (
    Suggestion("Swap red and blue", {"pointwise_recipe": "swap"}),
    Suggestion("Red against green", {"pointwise_recipe": "opponent", "scale": "own"}),
    Suggestion("Mix 16 oriented maps", {"bank": "gabor", "pointwise_recipe": "principal"}),
)

LESSON = Lesson(
    "pointwise",
    Setting,
    lambda _: STAGES,
    claims,
    SECTIONS,
    ("swapped",),
    views=VIEWS,
    tour=TOUR,
    questions=questions,
)
