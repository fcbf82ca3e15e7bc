"""Measures of how well maps agree with others."""

from __future__ import annotations

import math

from torch import Tensor


def relative_error(found: Tensor, wanted: Tensor) -> float:
    """The error relative to the variation: 0 is equal, 1 is the error of each map's own mean.

    error = ‖found − wanted‖ / ‖wanted − its mean over the pixels‖, over all maps together

    Args:
        found, wanted: `(N, H, W)` each.

    Returns:
        A number of at least 0; infinite for an error without variation. For a constant picture all
        maps are 0, and so are the fitted ones: there it is 0.

    >>> import torch
    >>> wanted = torch.tensor([[[-1.0, 1.0]]])
    >>> relative_error(wanted, wanted), relative_error(torch.zeros(1, 1, 2), wanted)
    (0.0, 1.0)
    """
    found, wanted = found.cpu().double(), wanted.cpu().double()
    error = float((found - wanted).norm())
    varies = float((wanted - wanted.mean((-2, -1), keepdim=True)).norm())
    return error / varies if varies else math.inf * error if error else 0.0


def correlation(found: Tensor, wanted: Tensor) -> float:
    """The correlation of two sets of maps over all pixels and maps: 1 is equal, 0 is unrelated.

    Args:
        found, wanted: `(N, H, W)` each.

    Returns:
        Pearson's r after subtracting each map's mean; 0 if either does not vary.

    >>> import torch
    >>> round(correlation(torch.tensor([[[0.0, 5.0]]]), torch.tensor([[[-1.0, 1.0]]])), 6)
    1.0
    """
    found, wanted = (
        each.cpu().double() - each.cpu().double().mean((-2, -1), keepdim=True)
        for each in (found, wanted)
    )
    both = float(found.norm() * wanted.norm())
    return float((found * wanted).sum()) / both if both else 0.0
