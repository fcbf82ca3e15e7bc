"""What nearly all values of a map reach, as on the canvas: a few peaks do not set its colours."""

from __future__ import annotations

from collections.abc import Sequence
from math import gcd
from typing import Any, NamedTuple

import numpy as np

Numbers = np.ndarray[Any, np.dtype[np.float64]]
Bytes = np.ndarray[Any, np.dtype[np.uint8]]

ONE_OF = 200  # values may lie beyond, on either side: above the 99.5th percentile
COUNTED = 2**18  # values of all maps together
LEAST_COUNTED = 2**11  # of a map
FEW = 16  # a map with fewer different values is not a matter of more or less


class Near(NamedTuple):
    """The values `(N,)` between which nearly all of each map lie, and how far they are from 0."""

    low: Numbers
    high: Numbers
    far: Numbers


def nearly(maps: Sequence[Bytes], low: Numbers, high: Numbers) -> Near:
    """Where nearly all values of each map are.

    Args:
        maps: `(H, W)` each; 0 stands for a map's smallest value, 255 for its largest.
        low, high: `(N,)`, those values.

    >>> steps = np.repeat(np.arange(256, dtype=np.uint8), 10)[None]
    >>> nearly([steps], np.array([0.0]), np.array([255.0])).high
    array([254.])
    """
    found = [
        _near(_counts(one, len(maps)), *ends) for one, *ends in zip(maps, low, high, strict=True)
    ]
    return Near(*np.array(found, np.float64).T)


def _counts(steps: Bytes, maps: int) -> Any:
    """How often a map has each byte; of many large ones some values are counted."""
    return np.bincount(steps.ravel()[:: step_of(maps, *steps.shape)], minlength=256)


def step_of(maps: int, rows: int, columns: int) -> int:
    """From one counted value to the next. It visits every column, also of stripes.

    >>> step_of(4, 149, 224), step_of(64, 112, 112), step_of(64, 224, 224)
    (1, 3, 13)
    """
    step = max(1, rows * columns // max(LEAST_COUNTED, COUNTED // maps))
    while gcd(step, columns) > 1:
        step += 1
    return step


def _near(counts: Any, low: float, high: float) -> tuple[float, float, float]:
    if np.count_nonzero(counts) < FEW:
        return low, high, max(-low, high)
    values = low + np.arange(256) / 255 * (high - low)
    inside = counts.sum() - counts.sum() // ONE_OF

    def reached(order: Any) -> float:
        """The value at which enough are inside, from the nearest to the farthest."""
        return float(values[order][np.searchsorted(counts[order].cumsum(), inside)])

    far = abs(reached(np.argsort(abs(values), kind="stable")))
    return reached(np.arange(256)[::-1]), reached(np.arange(256)), far
