"""What 1×1 layers do in a network that was trained on photographs."""

from viz.ui.page import page

page("trained")
