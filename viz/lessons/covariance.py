"""The covariance of channels."""

from __future__ import annotations

from torch import Tensor


def covariance(maps: Tensor) -> Tensor:
    """The covariance of channels over all pixels, divided by their number; 0 for a single pixel.

    Args:
        maps: `(C, H, W)`, or `(C, n)`: positions do not matter.

    Returns:
        `(C, C)`.

    >>> import torch
    >>> covariance(torch.tensor([[[0.0, 2.0]], [[3.0, -1.0]]]))
    tensor([[ 1., -2.],
            [-2.,  4.]])
    """
    values = maps.flatten(1)
    centred = values - values.mean(1, keepdim=True)
    return centred @ centred.T / values.shape[1]
