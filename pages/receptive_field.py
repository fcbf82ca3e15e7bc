"""A 1×1 sees one pixel; where it stands decides what that pixel has seen."""

from viz.ui.page import page

page("receptive_field")
