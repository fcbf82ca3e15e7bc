"""A claim: two ways to the same number, and whether they must agree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor

Path = Callable[[Tensor], Tensor]
EPS = 1.2e-7  # spacing of float32 at 1


def rounding_bound(magnitude: Tensor, terms: int) -> Tensor:
    """How far apart rounding may set two ways to sums of products, at every output.

    bound = max(4, terms)·eps·Σ|w·x|: each way rounds at most `terms` times, by half an eps of what
    it has summed; see docs/decisions/03 for why the bound is no tighter.

    Args:
        magnitude: Σ|w·x| of every output.
        terms: how many products are summed in an output.

    Returns:
        The shape of `magnitude`.

    >>> import torch
    >>> rounding_bound(torch.ones(1), terms=2)
    tensor([4.8000e-07])
    """
    return max(4, terms) * EPS * magnitude


def as_it_is(x: Tensor) -> Tensor:
    """The tensor itself."""
    return x


@dataclass(frozen=True)
class Claim:
    """A sentence that two computations must bear out.

    Attributes:
        sentence: what is claimed, in English; translated where it is shown.
        left, right: the two ways, each from what `given` yields to a tensor of one shape.
        equal: whether they must agree; a lesson may also claim that two things differ.
        given: picture `(3, H, W)` on the CPU -> what both ways start from; not timed.
        magnitude: what `given` yields -> Σ|w·x| of every output, which bounds the rounding;
            None where not even rounding may differ.
        terms: how many products are summed in an output; every one may round once more.
    """

    sentence: str
    left: Path
    right: Path
    equal: bool = True
    given: Path = as_it_is
    magnitude: Path | None = None
    terms: int = 1
