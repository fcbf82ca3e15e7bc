"""Whether two networks differ by more than the luck of their seeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

STANDARD_ERRORS = 3


@dataclass(frozen=True)
class Difference:
    """The mean difference between pairs, one a seed.

    Attributes:
        mean: right minus left.
        error: three standard errors of the mean, infinite for a single pair. Charts compare some twenty
            pairs, so two would be too few.
    """

    mean: float
    error: float

    @property
    def is_clear(self) -> bool:
        """Whether the mean is farther from 0 than its error."""
        return abs(self.mean) > self.error


def difference(left: Sequence[float], right: Sequence[float]) -> Difference:
    """The difference of right minus left; both used the same seeds in the same order.

    Raises:
        ValueError: if they are not pairs.

    >>> found = difference([1.0, 2.0, 3.0], [2.0, 3.0, 4.0])
    >>> found, found.is_clear
    (Difference(mean=1.0, error=0.0), True)
    >>> difference([1.0, 2.0], [2.0, 1.0]).is_clear
    False
    """
    pairs = [b - a for a, b in zip(left, right, strict=True)]
    mean = sum(pairs) / len(pairs)
    if len(pairs) < 2:
        return Difference(mean, float("inf"))
    variance = sum((each - mean) ** 2 for each in pairs) / (len(pairs) - 1)
    return Difference(mean, STANDARD_ERRORS * (variance / len(pairs)) ** 0.5)
