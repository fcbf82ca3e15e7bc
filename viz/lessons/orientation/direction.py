"""Which orientation a pixel prefers, of its responses to all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

NEAR_DEGREES = 22.5  # half of all orientations lie that near to horizontal or upright


class Direction(NamedTuple):
    """The vector sum of the responses at every pixel, each at twice its angle.

    Attributes:
        degrees: `(H, W)`, of the bars, from 0 to below 180.
        strength: `(H, W)`, the length of the sum: 0 where all orientations respond alike.
    """

    degrees: Tensor
    strength: Tensor


def energies(maps: Tensor, phases: int) -> Tensor:
    """The mean of the squares of each orientation's phases: what a square and a 1×1 make of them.

    Args:
        maps: `(orientations*phases, H, W)`, orientation by orientation.
        phases: of each orientation.

    Returns:
        `(orientations, H, W)`.

    >>> energies(torch.tensor([[[3.0]], [[-4.0]]]), phases=2)
    tensor([[[12.5000]]])
    """
    return maps.unflatten(0, (-1, phases)).square().mean(1)


def direction(responses: Tensor, degrees: Sequence[float]) -> Direction:
    """The preferred orientation of every pixel.

    Args:
        responses: `(orientations, H, W)`, never negative.
        degrees: of the bars of each orientation, evenly over 180°.

    >>> found = direction(torch.tensor([[[1.0]], [[1.0]]]), [0, 60])
    >>> found.degrees.round(), found.strength.round(decimals=2)
    (tensor([[30.]]), tensor([[1.]]))
    """
    angles = torch.deg2rad(2 * torch.tensor(degrees, dtype=responses.dtype))
    angles = angles.to(responses.device)
    across = torch.einsum("o,ohw->hw", angles.cos(), responses)
    upward = torch.einsum("o,ohw->hw", angles.sin(), responses)
    preferred = torch.rad2deg(torch.atan2(upward, across)) / 2 % 180
    preferred = torch.where(preferred < 180, preferred, 0.0)  # % rounds what is just below 0 to 180
    return Direction(preferred, torch.hypot(across, upward))


def upright_share(found: Direction) -> float:
    """The share of the strength within 22.5° of horizontal or upright; one half if it is even.

    NaN for a picture without any edge.
    """
    beside = (found.degrees % 90 - 45).abs()  # 45 at 0° and 90°, 0 half way between
    near = found.strength[beside >= 45 - NEAR_DEGREES].sum()
    return float(near / found.strength.sum())
