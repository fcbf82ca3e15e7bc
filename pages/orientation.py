"""A 1×1 layer cannot look sideways, and still it builds complex cells."""

from viz.ui.page import page

page("orientation")
