"""Cross-channel pooling takes the max over groups of maps; maxout first learns them."""

from viz.ui import show
from viz.ui.canvas import canvas
from viz.ui.lesson import open_lesson
from viz.ui.parts import cross_channel_pooling, parts

inputs = open_lesson("cross_channel_pooling")
canvas(inputs)
show.card(inputs.drawn)
parts(inputs, cross_channel_pooling.PARTS)
show.unit(inputs.drawn)
show.words(inputs, "What to look for")
show.words(inputs, "Where it stops being true")
