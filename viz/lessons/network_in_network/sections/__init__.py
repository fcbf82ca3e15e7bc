"""The sections below the canvas, by the options of `part`."""

from viz.lessons.network_in_network.sections import head, perceptron, train, wide

SECTIONS = {
    "perceptron": perceptron.SECTION,
    "train": train.SECTION,
    "wide": wide.SECTION,
    "head": head.SECTION,
}
