"""Cross-channel pooling takes the max over groups of maps; maxout learns the maps it compares."""

from viz.ui.page import page

page("cross_channel_pooling")
