"""Weights of a two-layer perceptron that compares two numbers: or, and, not.

Each recipe needs only torch and is self-contained, so that its source can be given to a student.
"""

from __future__ import annotations

import torch
from torch import Tensor


def comparing_rows(orientations: int, phases: int) -> Tensor:
    """The hidden layer: sum and both differences of the strengths of crossed orientations.

    The strength of an orientation is the sum of its rectified filters. Rows 3p, 3p + 1 and 3p + 2
    are a + b, a − b and b − a, with a the strength of orientation p and b that of the one across it.

    Args:
        orientations: even; orientation p and p + orientations / 2 are at a right angle.
        phases: filters of an orientation, consecutive.

    Returns:
        `(3 * orientations / 2, orientations * phases)`.

    >>> comparing_rows(orientations=2, phases=1)
    tensor([[ 1.,  1.],
            [ 1., -1.],
            [-1.,  1.]])
    """
    strengths = torch.eye(orientations).repeat_interleave(phases, dim=1)
    along, across = strengths.chunk(2)
    return torch.stack([along + across, along - across, across - along], dim=1).flatten(0, 1)


def logic_rows(pairs: int) -> Tensor:
    """The output layer: for each pair of strengths a or b, a and b, a not b, b not a.

    After a ReLU the hidden units are a + b, max(a − b, 0) and max(b − a, 0). The larger of both
    strengths (or) is half of the sum of all three; the smaller one (and) is half of the first minus
    the others.

    Args:
        pairs: of strengths, three hidden units each.

    Returns:
        `(4 * pairs, 3 * pairs)`.

    >>> hidden = torch.tensor([5.0 + 3.0, 5.0 - 3.0, 0.0])
    >>> logic_rows(pairs=1) @ hidden
    tensor([5., 3., 2., 0.])
    """
    rows = [[0.5, 0.5, 0.5], [0.5, -0.5, -0.5], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
    return torch.block_diag(*[torch.tensor(rows)] * pairs)
