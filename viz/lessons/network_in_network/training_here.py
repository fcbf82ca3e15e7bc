"""Trains the networks of some cases one after the other, and shows what is there so far."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from time import perf_counter

from viz.lessons.lesson import Blocks
from viz.lessons.network_in_network.digit_errors import Outcomes
from viz.progress import Progress
from viz.text import text
from viz.training.digit_runs import Case, Outcome, outcome

SAID_EVERY_S = 0.3

Training = Generator[Progress[Blocks] | None, None, Outcomes]


def train_here(cases: Sequence[Case], draw: Callable[[Outcomes], Blocks]) -> Training:
    """The outcomes of all cases.

    Args:
        cases: each is trained once a process; what was trained before takes no time.
        draw: what to show of the outcomes so far.

    Yields:
        After every step None or, some three times a second, how far the work is.
    """
    found: dict[Case, Outcome] = {}
    newest, said = draw(found), perf_counter()
    for n, case in enumerate(cases):
        words = text(
            "Network {n} of {of}: {examples} digits, seed {seed}",
            n=n + 1,
            of=len(cases),
            examples=case.examples,
            seed=case.seed,
        )
        yield Progress(n / len(cases), words, newest)
        steps = outcome(case)
        while case not in found:
            try:
                done = next(steps)
            except StopIteration as end:
                found[case] = end.value
                newest = draw(found)
                break
            is_time = perf_counter() - said > SAID_EVERY_S
            said = perf_counter() if is_time else said
            yield Progress((n + done) / len(cases), words, newest) if is_time else None
    return found
