"""A claim: two computations, and whether their results must agree."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from torch import Tensor

from viz.text import Message, Text

Path = Callable[[Tensor], Tensor]
EPS = 1.2e-7  # spacing of float32 at 1
UNNAMED: tuple[Message, Message] = ("first method", "second method")


def rounding_bound(magnitude: Tensor, terms: int) -> Tensor:
    """The largest difference that rounding may cause between two computations of sums of products.

    bound = max(4, terms)·eps·Σ|w·x|: each computation rounds at most `terms` times, by half an eps
    of its partial sum; see docs/decisions/03 for why the bound is not tighter.

    Args:
        magnitude: Σ|w·x| of every output.
        terms: the number of products in an output.

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
    """A sentence, and two computations that check it.

    Attributes:
        sentence: the claim in English; translated where it is shown.
        left, right: the two sides: functions of the result of `given`, to tensors of one shape.
        equal: whether they must agree; a lesson may also claim that they differ.
        given: picture `(3, H, W)` on the CPU -> the common input of both sides; not timed.
        magnitude: result of `given` -> Σ|w·x| of every output, which bounds the rounding; None if
            the results must be identical.
        terms: the number of products in an output; each may round once.
        methods: the names of both sides in English, a few words each.
    """

    sentence: Text | str
    left: Path
    right: Path
    equal: bool = True
    given: Path = as_it_is
    magnitude: Path | None = None
    terms: int = 1
    methods: tuple[Text | str, Text | str] = UNNAMED


def differ(claim: Claim, pixels: Tensor) -> bool:
    """Whether both sides of a claim differ on this picture by more than rounding.

    >>> import torch
    >>> differ(Claim("", torch.abs, torch.relu), torch.tensor([-1.0]))
    True
    """
    x = claim.given(pixels)
    difference = (claim.left(x) - claim.right(x)).abs()
    if claim.magnitude is None:
        return bool(difference.any())
    return bool((difference > rounding_bound(claim.magnitude(x), claim.terms)).any())


def seen_on(pixels: Tensor, claims: Iterable[Claim]) -> list[Claim]:
    """The claims without differences that this picture does not show, for instance a black one.

    >>> import torch
    >>> seen_on(torch.zeros(1), [Claim("", torch.abs, torch.relu, equal=False)])
    []
    """
    return [claim for claim in claims if claim.equal or differ(claim, pixels)]
