"""How far maps are from the ones they should be, in one number."""

from __future__ import annotations

import math

from torch import Tensor


def relative_error(found: Tensor, wanted: Tensor) -> float:
    """The error as a share of what varies: 0 is equal, 1 is as far off as each map's own mean.

    error = ‖found − wanted‖ / ‖wanted − its mean over the pixels‖, over all maps together

    Args:
        found, wanted: `(N, H, W)` each.

    Returns:
        A number from 0 on; infinite where there is an error and nothing that varies. The maps of a
        constant picture are all 0, and what is fitted to them as well: there it is 0.

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
    """How alike the maps vary over the pixels, all maps together: 1 is alike, 0 is unrelated.

    Args:
        found, wanted: `(N, H, W)` each.

    Returns:
        Pearson's r after each map's mean is taken off; 0 where either does not vary.

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
