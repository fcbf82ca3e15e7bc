"""A claim: two ways to the same number, and whether they must agree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor

Path = Callable[[Tensor], Tensor]


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
