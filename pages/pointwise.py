"""A 1×1 convolution is one matrix, applied at every pixel."""

from viz.ui.page import page

page("pointwise")
