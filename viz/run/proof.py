"""Computes both sides of claims."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from viz import devices
from viz.images import Picture
from viz.lessons.claim import Claim, rounding_bound


@dataclass(frozen=True)
class ProofRow:
    """The result of checking one claim.

    Attributes:
        sentence, equal: the claim, and whether it says that both sides agree.
        within: whether they agree to within rounding at every output.
        difference, bound: the largest difference, and the bound of rounding there.
        left_ms, right_ms: milliseconds of both sides.
    """

    sentence: str
    equal: bool
    within: bool
    difference: float
    bound: float
    left_ms: float
    right_ms: float

    @property
    def holds(self) -> bool:
        """Whether the claim is true."""
        return self.within == self.equal


@torch.inference_mode()
def compare(claims: Sequence[Claim], picture: Picture, device: torch.device) -> list[ProofRow]:
    """Computes both sides of every claim on this picture, and the bound of their rounding."""
    return [_row_where_it_fits(claim, claim.given(picture.pixels), device) for claim in claims]


def _row_where_it_fits(claim: Claim, given: Tensor, device: torch.device) -> ProofRow:
    try:
        return _row(claim, given.to(device), device)
    except (RuntimeError, MemoryError) as error:
        if not devices.is_out_of_memory(error):
            raise
    return _row(claim, given.cpu(), torch.device("cpu"))


def _row(claim: Claim, given: Tensor, device: torch.device) -> ProofRow:
    left, left_ms = devices.timed(lambda: claim.left(given), device)
    right, right_ms = devices.timed(lambda: claim.right(given), device)
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
    )
