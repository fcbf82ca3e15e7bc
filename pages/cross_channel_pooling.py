"""Cross-channel pooling takes the max over groups of maps; maxout first learns them."""

from viz.ui.page import page

page("cross_channel_pooling")
