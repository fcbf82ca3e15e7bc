"""The Lab: a picture, layers with sliders, and what they make of it."""

from viz.ui import show
from viz.ui.canvas import canvas
from viz.ui.lesson import open_lesson

inputs = open_lesson("lab")
canvas(inputs)
show.unit(inputs.drawn)
show.card(inputs.drawn)
show.words(inputs, "What to look for")
