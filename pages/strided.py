"""A strided 1×1 keeps 1/s² of the pixels and never looks at the others."""

from viz.ui.page import page

page("strided")
