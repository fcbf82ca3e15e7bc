"""Steps, rounds and what may be said of them: medians, percentiles, ratios, marks of disturbance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

CLEAN_STEPS = 15  # with fewer no ratio is said
OTHERS = 0.10  # of one CPU, used by other processes: more disturbs a step
STOLEN = 0.05  # of one CPU, taken away by the host


@dataclass(frozen=True)
class Step:
    """Milliseconds of one step, and whether something else was at work meanwhile."""

    ms: float
    disturbed: bool = False


Rounds = Sequence[Sequence[Step]]  # the steps of one route, round by round


def is_disturbed(others_s: float, stolen_s: float, window_s: float) -> bool:
    """Whether other processes, or the host, took so much of a window that its figure is not ours."""
    return others_s > OTHERS * window_s or stolen_s > STOLEN * window_s


def clean(rounds: Rounds) -> list[list[float]]:
    """The milliseconds of the undisturbed steps, round by round."""
    return [[step.ms for step in steps if not step.disturbed] for steps in rounds]


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of all values do not exceed (nearest rank).

    >>> percentile([1, 2, 3, 4], 0.95), percentile([3, 1, 2, 4], 0.5)
    (4, 2)
    """
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def summary(rounds: Rounds) -> dict[str, float | int | None]:
    """Median and 95th percentile over the clean steps, and how many those are."""
    values = [ms for steps in clean(rounds) for ms in steps]
    return {
        "median_ms": round(median(values), 1) if values else None,
        "p95_ms": round(percentile(values, 0.95), 1) if values else None,
        "clean_steps": len(values),
    }


def ratio(over: Rounds, under: Rounds, at_least: int = CLEAN_STEPS) -> float | None:
    """How many times the steps of `under` those of `over` take: the median of the rounds' ratios.

    Each round gives the ratio of its own medians, so that a machine that slows down from round to
    round slows both sides. None where either side has fewer than `at_least` clean steps.
    """
    tops, bottoms = clean(over), clean(under)
    if min(sum(map(len, tops)), sum(map(len, bottoms))) < at_least:
        return None
    each = [median(a) / median(b) for a, b in zip(tops, bottoms, strict=True) if a and b]
    return round(median(each), 3) if each else None
