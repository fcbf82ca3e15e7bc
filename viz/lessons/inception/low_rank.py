"""A k×k of a module at lower rank: a 1×1 to r channels, then a k×k, best in weights or for maps."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from viz.layers.merging import as_kernels, as_matrix

LEAST = 1e-10  # of the largest eigenvalue; smaller ones are what rounding leaves of 0


class Factors(NamedTuple):
    """A k×k convolution as a 1×1 and a k×k after it, in the order of what each channel adds.

    Cut after the first r channels between them, both are a bottleneck of rank r.

    Attributes:
        first: `(C, C)` in double precision: the rows of the 1×1.
        then: `(O·k², C)`, see `viz.layers.merging.as_matrix`.
        strengths: `(C,)`, the singular values of what was decomposed, the largest first.
    """

    first: Tensor
    then: Tensor
    strengths: Tensor


def best_in_weights(kernels: Tensor) -> Factors:
    """The singular value decomposition of the kernels as a matrix `(O·k², C)`.

    The first r parts are the matrix of rank r with the least sum of squared differences of
    weights. For maps of white noise that is the least error of the output too, for others not.

    Args:
        kernels: `(O, C, k, k)`.

    Source: Eckart, Young 1936, Psychometrika 1(3).

    >>> best_in_weights(torch.eye(2).view(2, 2, 1, 1)).strengths
    tensor([1., 1.], dtype=torch.float64)
    """
    matrix = as_matrix(kernels).double().cpu()
    strengths, directions = _directions(matrix.T @ matrix)
    return Factors(directions.T, matrix @ directions, strengths)


def best_for_maps(kernels: Tensor, maps: Tensor) -> Factors:
    """The decomposition that errs least in the products with the pixels of given maps.

    With the second moments of the channels M = Σ x·xᵀ over all pixels, and matrix · √M = U·S·Vᵀ,
    the 1×1 is Vᵀ·(√M)⁻¹ and the k×k is U·S. It is best for the products of every tap; the output
    adds those of neighbouring pixels, for which nothing is promised.

    Args:
        kernels: `(O, C, k, k)`.
        maps: `(C, H, W)`, the maps that reach them.
    """
    matrix, pixels = as_matrix(kernels).double().cpu(), maps.flatten(1).double().cpu()
    energies, axes = torch.linalg.eigh(pixels @ pixels.T)
    kept = energies > LEAST * energies[-1].clamp(min=1e-30)
    roots = torch.where(kept, energies.clamp(min=0).sqrt(), 0)
    inverse = torch.where(kept, 1 / roots.clamp(min=1e-30), 0)
    weighed = matrix @ (axes * roots)
    strengths, directions = _directions(weighed.T @ weighed)
    return Factors(directions.T @ (axes * inverse).T, weighed @ directions, strengths)


def _directions(gram: Tensor) -> tuple[Tensor, Tensor]:
    """Singular values and right singular vectors from AᵀA, the largest first."""
    squares, directions = torch.linalg.eigh(gram)
    return squares.flip(0).clamp(min=0).sqrt(), directions.flip(1)


def bottleneck(factors: Factors, rank: int, side: int) -> tuple[Tensor, Tensor]:
    """The weights of both layers at a rank, in float32: `(r, C)` and `(O, r, k, k)`."""
    then = as_kernels(factors.then[:, :rank], (side, side))
    return factors.first[:rank].float(), then.float().contiguous()


def tails(strengths: Tensor, ranks: Sequence[int]) -> list[float]:
    """What each rank leaves out: √(Σ over the others of σ²), relative to all of them.

    >>> tails(torch.tensor([4.0, 3.0, 0.0]), ranks=[1, 2])
    [0.6, 0.0]
    """
    squares = strengths.double().square()
    whole = float(squares.sum())
    return [(float(squares[rank:].sum()) / whole) ** 0.5 if whole else 0.0 for rank in ranks]


def output_errors(
    factors: Factors, maps: Tensor, wanted: Tensor, side: int, ranks: Sequence[int]
) -> list[float]:
    """The error of the output at each rank: ‖output − wanted‖ / ‖wanted‖.

    Every channel between both layers is computed once: the outputs of the ranks grow by those that
    are added.

    Args:
        factors: the bottleneck.
        maps: `(C, H, W)`, its input.
        wanted: `(O, H, W)`, the output of the k×k itself.
        side: of the kernels.
        ranks: ascending, from 1 to C.
    """
    whole = float(wanted.norm())
    output, errors = torch.zeros_like(wanted), []
    for before, rank in pairwise((0, *ranks)):
        added = factors._replace(first=factors.first[before:], then=factors.then[:, before:])
        output += through(added, rank - before, maps, side)
        errors.append(float((output - wanted).norm()) / whole if whole else 0.0)
    return errors


def through(factors: Factors, rank: int, maps: Tensor, side: int) -> Tensor:
    """The output of the bottleneck of a rank, `(O, H, W)`, without a ReLU."""
    first, then = (each.to(maps.device) for each in bottleneck(factors, rank, side))
    return F.conv2d(F.conv2d(maps, first[:, :, None, None]), then, padding=side // 2)
