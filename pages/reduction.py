"""Is a 1×1 the best way to reduce channels? For linear decoding PCA is, and a trained 1×1 finds it."""

from viz.ui.page import page

page("reduction")
