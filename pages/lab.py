"""The Lab: a picture, layers with sliders, and what they make of it."""

from viz.ui.page import page

page("lab")
