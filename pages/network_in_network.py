"""An mlpconv layer is a small multilayer perceptron at every pixel."""

from viz.ui.page import page

page("network_in_network")
