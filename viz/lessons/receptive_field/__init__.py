"""Receptive fields: a 1×1 sees one pixel, and where it stands decides what that pixel has seen."""

from viz.lessons.lesson import Lesson
from viz.lessons.opening import Suggestion
from viz.lessons.receptive_field.claims import claims
from viz.lessons.receptive_field.questions import questions
from viz.lessons.receptive_field.sections import SECTIONS
from viz.lessons.receptive_field.setting import ONE, Setting
from viz.lessons.receptive_field.stages import stages
from viz.lessons.receptive_field.tour import TOUR
from viz.settings import Layer

VIEWS = (
    Suggestion("VGG-16", {"network": "vgg_16"}),
    Suggestion("Network in Network", {"network": "network_in_network"}),
    Suggestion("Only 1×1", {"layers": (ONE,) * 8}),
    Suggestion("No strides", {"layers": (Layer("c", 3), ONE) * 4}),
)

LESSON = Lesson(
    "receptive_field",
    Setting,
    stages,
    claims,
    SECTIONS,
    picture="chelsea",
    scale="own",
    views=VIEWS,
    tour=TOUR,
    questions=questions,
)
