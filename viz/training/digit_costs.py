"""What the networks for digits cost, and which width costs as much as another."""

from __future__ import annotations

from bisect import bisect_left
from functools import cache

from viz.networks.digit_networks import INPUT, digit_network
from viz.trace import Cost, cost

MAX_WIDTH = 128


@cache
def counts(design: str, width: int) -> Cost:
    """Exact parameters and MACs of a network.

    >>> counts("pointwise", 1)                       # 3 × (weight + bias) + 10 × (weight + bias)
    Cost(parameters=26, macs=202, activation_bytes=1584)
    """
    return cost(digit_network(design, width, "meta"), INPUT)


@cache
def width_with(design: str, parameters: int) -> int:
    """The width, from 1 to 128, whose parameters come nearest to a number.

    >>> width_with("pointwise", 26)
    1
    """

    def parameters_of(width: int) -> int:
        return counts(design, width).parameters

    widths = range(1, MAX_WIDTH + 1)
    at = bisect_left(widths, parameters, key=parameters_of)
    nearest = widths[max(0, at - 1) : at + 1]
    return min(nearest, key=lambda width: abs(parameters_of(width) - parameters))
