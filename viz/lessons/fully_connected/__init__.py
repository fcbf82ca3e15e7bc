"""There is no such thing as a fully connected layer: it is a convolution as large as its input."""

from viz.lessons.fully_connected.claims import claims
from viz.lessons.fully_connected.questions import questions
from viz.lessons.fully_connected.sections import SECTIONS
from viz.lessons.fully_connected.setting import Setting
from viz.lessons.fully_connected.stages import STAGES
from viz.lessons.fully_connected.tour import TOUR
from viz.lessons.lesson import Lesson
from viz.lessons.opening import Suggestion

VIEWS = (
    Suggestion("224 px: one place", {"input_px": 224, "scale": "shared"}),
    Suggestion("480 px: a map of 9×9", {"input_px": 480}),
    Suggestion("Zero padding in the trunk", {"zero_padding": True}),
)

LESSON = Lesson(
    "fully_connected",
    Setting,
    lambda _: STAGES,
    claims,
    SECTIONS,
    picture="astronaut",
    scale="own",  # each class has scores of its own
    working_size_px=512,  # room for the largest square
    views=VIEWS,
    tour=TOUR,
    questions=questions,
)
