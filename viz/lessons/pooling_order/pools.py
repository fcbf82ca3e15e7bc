"""Pools from average to max: one slider, even on the logarithmic scale of β."""

from __future__ import annotations

from math import inf

from torch import nn

from viz.layers.log_mean_exp_pooling import LogMeanExpPool
from viz.layers.max_pooling import MaxPool

# In 1 / unit of the maps. Both ends are exact: the average at 0, the max at ∞.
BETAS = (0, 1, 1.8, 3.2, 5.6, 10, 18, 32, 56, 100, 180, 320, 560, 1000, inf)
AVERAGE, MAX = 0, len(BETAS) - 1  # steps of the slider
MIDDLE = BETAS.index(10)
WORDS = ("average", *(f"β = {beta:g}" for beta in BETAS[1:-1]), "max")


def pool(
    step: int, size: int, *, stride: int = 1, padding: int = 0, counted: bool = False
) -> nn.Module:
    """The pool of a step of the slider.

    Args:
        step: an index of `BETAS`.
        size: side of the window in pixels, at least 1.
        stride: pixels from one window to the next.
        padding: pixels around the map, at most half of `size`.
        counted: whether an average counts the padding as zeros; all other pools leave it out.

    >>> pool(AVERAGE, 2), pool(MIDDLE, 2).beta, pool(MAX, 2).stride
    (AvgPool2d(kernel_size=2, stride=1, padding=0), 10, 1)
    """
    if step == AVERAGE:
        return nn.AvgPool2d(size, stride, padding, count_include_pad=counted)
    if step == MAX:
        return MaxPool(size, stride, padding)
    return LogMeanExpPool(size, BETAS[step], stride=stride, padding=padding)
