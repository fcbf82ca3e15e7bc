"""Computes both sides of claims."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

import torch
from torch import Tensor

from viz import devices
from viz.images import Picture
from viz.lessons.claim import UNNAMED, Claim, rounding_bound
from viz.run.stages import Slices, finished
from viz.text import Text

RUNS = 9  # of each method, of which the median is shown
ENOUGH_MS = 60.0  # a method that has run as long as this is not run again


@dataclass(frozen=True)
class ProofRow:
    """The result of checking one claim.

    Attributes:
        sentence, equal: the claim, and whether it says that both sides agree.
        within: whether they agree to within rounding at every output.
        difference, bound: the largest difference, and the bound of rounding there.
        left_ms, right_ms: milliseconds of both sides, the median of several runs.
        methods: the names of both sides.
    """

    sentence: Text | str
    equal: bool
    within: bool
    difference: float
    bound: float
    left_ms: float
    right_ms: float
    methods: tuple[Text | str, Text | str] = UNNAMED

    @property
    def holds(self) -> bool:
        """Whether the claim is true."""
        return self.within == self.equal


@torch.inference_mode()
def compare(claims: Sequence[Claim], picture: Picture, device: torch.device) -> list[ProofRow]:
    """Computes both sides of every claim on this picture, and the bound of their rounding."""
    return finished(compare_slices(claims, picture, device))


def compare_slices(
    claims: Sequence[Claim], picture: Picture, device: torch.device
) -> Slices[list[ProofRow]]:
    """As `compare`, with a pause after every run of a method; to be run in inference mode."""
    rows = []
    for claim in claims:
        rows.append((yield from _row_where_it_fits(claim, claim.given(picture.pixels), device)))
    return rows


def _row_where_it_fits(claim: Claim, given: Tensor, device: torch.device) -> Slices[ProofRow]:
    try:
        return (yield from _row(claim, given.to(device), device))
    except (RuntimeError, MemoryError) as error:
        if not devices.is_out_of_memory(error):
            raise
    return (yield from _row(claim, given.cpu(), torch.device("cpu")))


def _row(claim: Claim, given: Tensor, device: torch.device) -> Slices[ProofRow]:
    left, left_ms = yield from _timed(lambda: claim.left(given), device)
    right, right_ms = yield from _timed(lambda: claim.right(given), device)
    difference = (left - right).abs().flatten()
    allowed = torch.zeros_like(difference)
    if claim.magnitude is not None:
        allowed = rounding_bound(claim.magnitude(given), claim.terms).flatten()
    within = bool((difference <= allowed).all())
    worst = torch.where(difference == difference.max(), allowed, -1).argmax()
    return ProofRow(
        claim.sentence,
        claim.equal,
        within,
        float(difference[worst]),
        float(allowed[worst]),
        left_ms,
        right_ms,
        claim.methods,
    )


def _timed(way: Callable[[], Tensor], device: torch.device) -> Slices[tuple[Tensor, float]]:
    """The result, and the median of its milliseconds; the first run warms up and is not counted."""
    way()
    spent: list[float] = []
    while not spent or (len(spent) < RUNS and sum(spent) < ENOUGH_MS):
        yield
        result, ms = devices.timed_once(way, device)
        spent.append(ms)
    return result, median(spent)
