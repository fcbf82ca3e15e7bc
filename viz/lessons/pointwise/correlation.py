"""The correlation of channels."""

from __future__ import annotations

import torch
from torch import Tensor


def strongest_correlation(covariance: Tensor) -> float | None:
    """The largest correlation of two channels, with its sign; None if no two of them vary.

    Args:
        covariance: `(C, C)`.

    >>> strongest_correlation(torch.tensor([[4.0, -1.0, 0.0], [-1.0, 1.0, 0.0], [0.0, 0.0, 0.0]]))
    -0.5
    """
    spread = covariance.diag().sqrt()
    varying = spread > 1e-6
    scaled = (covariance / torch.outer(spread, spread))[varying][:, varying]
    apart = scaled[~torch.eye(len(scaled), dtype=torch.bool, device=scaled.device)]
    return float(apart[apart.abs().argmax()]) if apart.numel() else None
