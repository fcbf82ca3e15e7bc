"""A 1×1 convolution is one matrix, applied at every pixel."""

from viz.ui import show
from viz.ui.canvas import canvas
from viz.ui.lesson import open_lesson
from viz.ui.parts import parts, pointwise

inputs = open_lesson("pointwise")
canvas(inputs)
show.card(inputs.drawn)
parts(inputs, pointwise.PARTS)
show.unit(inputs.drawn)
show.words(inputs, "What to look for")
show.words(inputs, "Where it stops being true")
