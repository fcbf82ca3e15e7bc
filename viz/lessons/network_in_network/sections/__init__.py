"""The sections below the canvas, by the options of `part`."""

from viz.lessons.network_in_network.sections import head, perceptron, wide

SECTIONS = {
    "perceptron": perceptron.SECTION,
    "wide": wide.SECTION,
    "head": head.SECTION,
}
