"""Cross-channel pooling: 50 Gabor maps to few, by a max, by maxout and by a fitted 1×1."""

from viz.lessons.cross_channel_pooling.claims import claims
from viz.lessons.cross_channel_pooling.questions import questions
from viz.lessons.cross_channel_pooling.sections import SECTIONS
from viz.lessons.cross_channel_pooling.setting import Setting
from viz.lessons.cross_channel_pooling.stages import STAGES
from viz.lessons.cross_channel_pooling.tour import TOUR
from viz.lessons.lesson import Lesson
from viz.lessons.opening import Suggestion

VIEWS = (
    Suggestion("Who wins", {"winner": True}),
    Suggestion("Mean instead of max", {"kind": "mean"}),
    Suggestion("Pool the phases only", {"group": 2}),
)

LESSON = Lesson(
    "cross_channel_pooling",
    Setting,
    lambda _: STAGES,
    claims,
    SECTIONS,
    views=VIEWS,
    tour=TOUR,
    questions=questions,
)
