"""Trains the networks of some cases one after the other, and shows what is there so far."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from functools import partial
from time import perf_counter

from viz.lessons.lesson import Blocks
from viz.lessons.network_in_network.digit_errors import Outcomes
from viz.numbers import exact
from viz.progress import Progress
from viz.text import text
from viz.training.digit_runs import Case, Fractions, Outcome, outcome

SAID_EVERY_S = 0.3

Report = Callable[[float], Progress[Blocks]]  # how much of one network is done -> of all of them


def train_here(
    cases: Sequence[Case], draw: Callable[[Outcomes], Blocks]
) -> Generator[Progress[Blocks] | None, None, Outcomes]:
    """The outcomes of all cases.

    Args:
        cases: each is trained once a process; what was trained before takes no time.
        draw: what to show of the outcomes so far.

    Yields:
        After every step None or, some three times a second, how far the work is.
    """
    found: dict[Case, Outcome] = {}
    for n, case in enumerate(cases):
        report = partial(_report, case, n, len(cases), draw(found))
        yield report(0.0)
        found[case] = yield from _reported(outcome(case), report)
    return found


def _report(case: Case, n: int, of: int, newest: Blocks, done: float) -> Progress[Blocks]:
    words = text(
        "Network {n} of {of}: {examples} digits, seed {seed}",
        n=n + 1,
        of=of,
        examples=exact(case.examples),
        seed=case.seed,
    )
    return Progress((n + done) / of, words, newest)


def _reported(
    steps: Fractions, report: Report
) -> Generator[Progress[Blocks] | None, None, Outcome]:
    said = perf_counter()
    while True:
        try:
            done = next(steps)
        except StopIteration as end:
            return end.value
        is_time = perf_counter() - said > SAID_EVERY_S
        said = perf_counter() if is_time else said
        yield report(done) if is_time else None
