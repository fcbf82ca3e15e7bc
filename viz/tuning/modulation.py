"""What a response does while a grating drifts: its mean, its first harmonic, its modulation."""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor


class Harmonics(NamedTuple):
    """Mean and amplitude of responses that are half-rectified, over one period.

    Attributes:
        f0: the mean.
        f1: the amplitude of the first harmonic.
    """

    f0: Tensor
    f1: Tensor

    @property
    def response(self) -> Tensor:
        """The larger of the two, never negative: a linear unit modulates, an energy has a mean."""
        return torch.maximum(self.f0, self.f1)


def harmonics(responses: Tensor) -> Harmonics:
    """F0 and F1 of responses, negative ones taken as 0: a cell fires or is silent.

    F0 = mean of r(φ); F1 = | 2 · mean of r(φ) e^{−iφ} |

    Args:
        responses: `(..., phases)`, the phases evenly over one period.

    Source: Skottun et al. 1991, Vision Research 31(7-8), "Classifying simple and complex cells on
    the basis of response modulation".

    >>> phase = torch.arange(360).deg2rad()
    >>> f0, f1 = harmonics(phase.cos())
    >>> round(float(f1 / f0), 3)                                   # π / 2
    1.571
    """
    fired = responses.relu()
    steps = fired.shape[-1]
    phases = torch.arange(steps, dtype=fired.dtype, device=fired.device) * (2 * math.pi / steps)
    cosine, sine = (fired * phases.cos()).mean(-1), (fired * phases.sin()).mean(-1)
    return Harmonics(fired.mean(-1), 2 * torch.hypot(cosine, sine))


def modulation_depths(responses: Tensor) -> Tensor:
    """How much each response varies over a period: 0 is not at all, 1 is down to zero.

    depth = (max − min) / (max + min) of the half-rectified response

    Args:
        responses: `(..., phases)`.

    Returns:
        `(...)`; NaN for a response that is never above 0.

    >>> modulation_depths(torch.tensor([[1.0, 3.0], [-1.0, 3.0], [0.0, 0.0]]))
    tensor([0.5000, 1.0000,    nan])
    """
    low, high = responses.relu().aminmax(dim=-1)
    return (high - low) / (high + low)
