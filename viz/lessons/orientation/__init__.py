"""Orientation tuning: a 1×1 layer cannot look sideways, and still it builds complex cells."""

from viz.lessons.lesson import Lesson
from viz.lessons.opening import Suggestion
from viz.lessons.orientation.claims import claims
from viz.lessons.orientation.sections import SECTIONS
from viz.lessons.orientation.setting import Setting
from viz.lessons.orientation.stages import STAGES

VIEWS = (
    Suggestion("Simple cells", {"rectifier": "relu", "stage": "rectifier"}),
    Suggestion("Edges of any orientation", {"pooling": "orientations"}),
    Suggestion("Longer filters", {"aspect": 2.0}),
)

LESSON = Lesson("orientation", Setting, lambda _: STAGES, claims, SECTIONS, views=VIEWS)
