"""There is no such thing as a fully connected layer."""

from viz.ui.page import page

page("fully_connected")
