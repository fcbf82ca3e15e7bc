"""The sections below the canvas, by the options of `part`."""

from viz.lessons.network_in_network.sections import (
    digits,
    head,
    overfit,
    perceptron,
    train,
    wide,
)

SECTIONS = {
    "perceptron": perceptron.SECTION,
    "train": train.SECTION,
    "digits": digits.SECTION,
    "overfit": overfit.SECTION,
    "wide": wide.SECTION,
    "head": head.SECTION,
}
