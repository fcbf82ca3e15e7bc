"""The order of pooling and 1×1: it matters for a max, and not for an average."""

from viz.lessons.lesson import Lesson
from viz.lessons.opening import Suggestion
from viz.lessons.pooling_order.claims import claims
from viz.lessons.pooling_order.pools import AVERAGE
from viz.lessons.pooling_order.questions import questions
from viz.lessons.pooling_order.sections import SECTIONS
from viz.lessons.pooling_order.setting import Setting
from viz.lessons.pooling_order.stages import STAGES
from viz.lessons.pooling_order.tour import TOUR

VIEWS = (
    Suggestion("Average instead of max", {"beta": AVERAGE}),
    Suggestion("One input a row", {"mix_recipe": "identity", "mix_outputs": 3}),
    Suggestion("No negative weight", {"mix_recipe": "nonnegative", "scale": "own"}),
)

LESSON = Lesson(
    "pooling_order",
    Setting,
    lambda _: STAGES,
    claims,
    SECTIONS,
    views=VIEWS,
    tour=TOUR,
    questions=questions,
)
