"""How much channels have in common: their correlations, and the energy that few numbers keep."""

from __future__ import annotations

import math

import torch
from torch import Tensor


def correlations(covariance: Tensor) -> Tensor:
    """Pearson's r of every two channels; 0 where one of them does not vary.

    Args:
        covariance: `(C, C)`, in double precision.

    >>> correlations(torch.tensor([[4.0, -1.0, 0.0], [-1.0, 1.0, 0.0], [0.0, 0.0, 0.0]]).double())
    tensor([[ 1.0000, -0.5000,  0.0000],
            [-0.5000,  1.0000,  0.0000],
            [ 0.0000,  0.0000,  0.0000]], dtype=torch.float64)
    """
    spread = covariance.diag().clamp(min=0).sqrt()
    varies = spread > 1e-5 * spread.max().clamp(min=1)  # less is what rounding makes of a constant
    scale = torch.where(varies, 1 / spread, 0)
    return (covariance * scale[:, None] * scale).clamp(-1, 1)


def in_common(correlations: Tensor) -> tuple[float, float]:
    """The mean and the largest |r| of two different channels; 0 for a single one.

    >>> in_common(torch.tensor([[1.0, -0.5, 0.0], [-0.5, 1.0, 0.25], [0.0, 0.25, 1.0]]))
    (0.25, 0.5)
    """
    apart = correlations[~torch.eye(len(correlations), dtype=torch.bool)].abs()
    return (float(apart.mean()), float(apart.max())) if len(apart) else (0.0, 0.0)


def of_neighbours(correlations: Tensor, shape: tuple[int, int, int]) -> dict[str, float]:
    """The mean |r| of filters that differ in one thing only.

    Args:
        correlations: `(C, C)` of the first C channels of a bank.
        shape: the numbers of its orientations, wavelengths and phases, in the order of its channels.

    Returns:
        For `wavelength` and `orientation` of a filter and the next one, for `phase` of 0° and 90°. After
        the last orientation comes the first one. What no two of the C channels are is left out.

    >>> of_neighbours(torch.eye(8).double(), (2, 2, 2))
    {'wavelength': 0.0, 'orientation': 0.0, 'phase': 0.0}
    >>> of_neighbours(torch.eye(1).double(), (2, 2, 2))
    {}
    """
    at = torch.arange(math.prod(shape)).view(shape)
    pairs = {
        "wavelength": (at[:, :-1], at[:, 1:]),
        "orientation": (at, at.roll(-1, 0)),
        "phase": (at[..., :-1], at[..., 1:]),
    }
    found = {}
    for name, both in pairs.items():
        one, other = torch.stack(both).flatten(1)
        there = torch.maximum(one, other) < len(correlations)
        if there.any():
            found[name] = float(correlations[one[there], other[there]].abs().mean())
    return found


def energy_kept(covariance: Tensor) -> Tensor:
    """The share of the channels' variance that their first k principal components keep.

    kept[k] = (sum of the k largest eigenvalues of the covariance) / (sum of all); the squared relative
    error of PCA with k numbers is 1 − kept[k].

    Args:
        covariance: `(C, C)`, in double precision.

    Returns:
        `(C + 1,)`, from 0 for no number; all 1 if nothing varies.

    >>> energy_kept(torch.tensor([[8.0, 0.0], [0.0, 2.0]]).double()).tolist()
    [0.0, 0.8, 1.0]
    """
    variances = torch.linalg.eigvalsh(covariance).flip(0).clamp(min=0)
    whole = variances.sum()
    if whole <= 1e-9:
        return variances.new_ones(len(variances) + 1)
    return torch.cat([whole.new_zeros(1), variances.cumsum(0) / whole]).clamp(max=1)


def numbers_for(kept: Tensor, share: float) -> int:
    """The fewest numbers that keep a share of the energy, see `energy_kept`.

    >>> numbers_for(torch.tensor([0.0, 0.8, 1.0]), 0.8), numbers_for(torch.tensor([0.0, 0.8, 1.0]), 0.9)
    (1, 2)
    """
    return int((kept < share - 1e-7).sum())
