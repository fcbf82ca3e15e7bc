"""Network in Network: an mlpconv layer is a small multilayer perceptron at every pixel."""

from viz.lessons.lesson import Lesson
from viz.lessons.network_in_network.claims import claims
from viz.lessons.network_in_network.questions import questions
from viz.lessons.network_in_network.sections import SECTIONS
from viz.lessons.network_in_network.setting import Setting
from viz.lessons.network_in_network.stages import STAGES
from viz.lessons.network_in_network.tour import TOUR
from viz.lessons.opening import Suggestion

VIEWS = (
    Suggestion("No ReLU between the 1×1 layers", {"hidden_relu": False}),
    Suggestion("Four orientations", {"orientations": 4}),
    Suggestion("Random weights", {"weights": "random"}),
)

LESSON = Lesson(
    "network_in_network",
    Setting,
    lambda _: STAGES,
    claims,
    SECTIONS,
    picture="brick",
    scale="own",  # what is both is weaker than what is either
    views=VIEWS,
    tour=TOUR,
    questions=questions,
)
