"""How two encoders are related: the spaces that their rows span, and the angles within each."""

from __future__ import annotations

import torch
from torch import Tensor


def principal_angles(rows: Tensor, others: Tensor) -> Tensor:
    """The principal angles between the spaces that the rows of two matrices span, in degrees.

    The first is the smallest angle between two directions, one of each space; each further one is
    the smallest among the directions at right angles to those before. All are 0 if the spaces are
    equal.

    Args:
        rows, others: `(k, C)` each, with independent rows.

    Returns:
        `(k,)` float64 in ascending order, from 0 to 90.

    Source: Björck, Golub 1973, "Numerical methods for computing angles between linear subspaces",
    Mathematics of Computation 27(123).

    >>> diagonal = torch.tensor([[1.0, 0.0, 0.0], [0.0, 1.0, 1.0]])
    >>> principal_angles(diagonal, torch.eye(3)[:2]).round(decimals=6)
    tensor([ 0., 45.], dtype=torch.float64)
    """
    ours, theirs = (torch.linalg.qr(each.double().T).Q for each in (rows, others))
    shared = ours.T @ theirs
    cosines = torch.linalg.svdvals(shared)
    sines = torch.linalg.svdvals(theirs - ours @ shared).flip(0)  # exact where an angle is small
    return torch.rad2deg(torch.atan2(sines, cosines))


def cosines_of_rows(rows: Tensor) -> Tensor:
    """The cosine of the angle between every two rows: 1 on the diagonal, 0 for orthogonal rows.

    Args:
        rows: `(k, C)`.

    Returns:
        `(k, k)` float32.

    >>> cosines_of_rows(torch.tensor([[3.0, 0.0], [1.0, 1.0]])).round(decimals=4)
    tensor([[1.0000, 0.7071],
            [0.7071, 1.0000]])
    """
    unit = torch.nn.functional.normalize(rows.double(), dim=1)
    return (unit @ unit.T).float()


def largest_cosine(rows: Tensor) -> float:
    """The largest cosine, by size, between two different rows; 0 for a single row.

    >>> round(largest_cosine(torch.tensor([[3.0, 0.0], [-1.0, 1.0]])), 4)
    0.7071
    """
    cosines = cosines_of_rows(rows)
    return float((cosines - cosines.diag().diag()).abs().max())
