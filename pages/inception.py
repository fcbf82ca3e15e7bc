"""1×1 layers pay for the 3×3 and the 5×5 of an Inception module."""

from viz.ui.page import page

page("inception")
