"""A strided 1×1 keeps 1/s² of the pixels and never looks at the others."""

from viz.ui import show
from viz.ui.canvas import canvas
from viz.ui.lesson import open_lesson
from viz.ui.parts import parts, strided

inputs = open_lesson("strided")
canvas(inputs)
show.card(inputs.drawn)
parts(inputs, strided.PARTS)
show.unit(inputs.drawn)
show.words(inputs, "What to look for")
show.words(inputs, "Where it stops being true")
