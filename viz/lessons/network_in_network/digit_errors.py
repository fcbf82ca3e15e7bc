"""The errors of the networks that were trained on digits, in percent, and what they say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from viz.lessons.network_in_network.differences import Difference, difference
from viz.training.digit_runs import (
    EXAMPLES,
    SEEDS,
    Case,
    Equal,
    Head,
    Network,
    Outcome,
    compared,
    kernels,
)
from viz.training.digits import split

Outcomes = Mapping[Case, Outcome]


@dataclass(frozen=True)
class Errors:
    """Of one network at one number of examples, a number a seed; in percent.

    Attributes:
        training: of the digits that it learned from.
        test: of the others.
    """

    training: tuple[float, ...]
    test: tuple[float, ...]

    @property
    def gaps(self) -> tuple[float, ...]:
        """How far it over-fits: test minus training."""
        return tuple(b - a for a, b in zip(self.training, self.test, strict=True))


def errors(outcomes: Outcomes, network: Network, examples: int) -> Errors:
    """The errors of a network, of the seeds that are among the outcomes.

    >>> found = {Case(Network("plain", 3), 50, 0): Outcome(1, 797)}
    >>> errors(found, Network("plain", 3), 50)
    Errors(training=(2.0,), test=(100.0,))
    """
    tested = len(split().test.labels)
    cases = [Case(network, examples, seed) for seed in SEEDS]
    found = [outcomes[case] for case in cases if case in outcomes]
    return Errors(
        tuple(100 * each.wrong_in_training / examples for each in found),
        tuple(100 * each.wrong_in_test / tested for each in found),
    )


def digit_cases(seeds: int) -> list[Case]:
    """Those of the comparison of networks, seed by seed."""
    networks = dict.fromkeys([*compared("parameters"), *compared("width")])
    return [Case(each, EXAMPLES[-1], seed) for seed in SEEDS[:seeds] for each in networks]


def kernel_cases(head: Head, seeds: int) -> list[Case]:
    """Those of the comparison of kernels, seed by seed."""
    networks = dict.fromkeys([*kernels(head, "width"), *kernels(head, "parameters")])
    return [
        Case(each, examples, seed)
        for seed in SEEDS[:seeds]
        for examples in EXAMPLES
        for each in networks
    ]


def against_plain(outcomes: Outcomes, design: int, equal: Equal) -> Difference:
    """The test error of one of the compared designs minus that of the first."""
    networks = compared(equal)
    first, other = (errors(outcomes, networks[at], EXAMPLES[-1]).test for at in (0, design))
    return difference(first, other)


@dataclass(frozen=True)
class Kernels:
    """The 1×1 against the 3×3 at one number of examples.

    Attributes:
        examples: how many digits both learned from.
        wide, pointwise: the errors of the 3×3, and of the 1×1.
    """

    examples: int
    wide: Errors
    pointwise: Errors

    @property
    def gap(self) -> Difference:
        """By how much the 1×1 over-fits more; below 0 it over-fits less."""
        return difference(self.wide.gaps, self.pointwise.gaps)

    @property
    def underfits(self) -> bool:
        """Whether the 1×1 misses clearly more of the digits that it learned from."""
        missed = difference(self.wide.training, self.pointwise.training)
        return missed.is_clear and missed.mean > 0


def against_kernels(outcomes: Outcomes, head: Head, equal: Equal) -> list[Kernels]:
    """Both kernels at every number of examples."""
    wide, pointwise = kernels(head, equal)
    return [Kernels(n, errors(outcomes, wide, n), errors(outcomes, pointwise, n)) for n in EXAMPLES]


def over_fits_less(found: Sequence[Kernels]) -> tuple[list[int], list[int], list[int]]:
    """The numbers of examples at which the 1×1 clearly over-fits less, no differently, and more."""
    less = [each.examples for each in found if each.gap.is_clear and each.gap.mean < 0]
    more = [each.examples for each in found if each.gap.is_clear and each.gap.mean > 0]
    same = [each.examples for each in found if not each.gap.is_clear]
    return less, same, more


def largest_difference(here: Outcomes, shipped: Outcomes) -> int:
    """The most test digits by which a network trained here differs from the same one shipped."""
    return max(
        abs(found.wrong_in_test - shipped[case].wrong_in_test) for case, found in here.items()
    )
