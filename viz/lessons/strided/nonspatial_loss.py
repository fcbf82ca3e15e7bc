"""The non-spatial information that a stride loses.

Non-spatial information does not change when the pixels of a map are shuffled: the distribution of
the values, and the covariance of the channels.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from viz.lessons.covariance import covariance

KEPT_WITHIN = 0.02  # of a channel's range; of the covariance
BINS = 32


@dataclass(frozen=True)
class NonSpatial:
    """The effect of a stride on the values of the maps, regardless of position.

    Attributes:
        edges: `(C, bins + 1)`, the same bins before and after, from a channel's lowest value
            before to its highest; of total width 1 around a constant.
        before, after: `(C, bins)`, the share of values in each bin.
        distances: `(C,)`, the 1-Wasserstein distance between both distributions, divided by the
            channel's range before.
        covariance_before, covariance_after: `(C, C)`.
        covariance_change: (), Frobenius norm of their difference, divided by that of the first.
    """

    edges: Tensor
    before: Tensor
    after: Tensor
    distances: Tensor
    covariance_before: Tensor
    covariance_after: Tensor
    covariance_change: Tensor

    @property
    def values_kept(self) -> bool:
        """Whether each channel's values moved by at most `KEPT_WITHIN` of its range."""
        return bool(self.distances.max() <= KEPT_WITHIN)

    @property
    def covariance_kept(self) -> bool:
        """Whether the covariance changed by at most `KEPT_WITHIN`."""
        return bool(self.covariance_change <= KEPT_WITHIN)

    @property
    def kept(self) -> bool:
        """Whether values and covariance are both kept."""
        return self.values_kept and self.covariance_kept


def non_spatial(before: Tensor, after: Tensor, bins: int = BINS) -> NonSpatial:
    """Compares the values of maps before and after a stride, exactly, over all pixels.

    Args:
        before: `(C, H, W)`, the 1×1 at every pixel.
        after: `(C, h, w)`, the pixels that the stride keeps.
        bins: the number of bins of the histograms; distances are exact and independent of it.

    >>> stripes = (torch.arange(8) % 2).float().expand(1, 8, 8)
    >>> lost = non_spatial(stripes, stripes[:, ::2, ::2], bins=2)
    >>> lost.before, lost.after, lost.distances, lost.covariance_change
    (tensor([[0.5000, 0.5000]]), tensor([[1., 0.]]), tensor([0.5000]), tensor(1.))
    """
    first, second = before.flatten(1), after.flatten(1)
    covariances = covariance(first), covariance(second)
    edges = _edges(*first.aminmax(dim=1), bins)
    return NonSpatial(
        edges,
        _shares(first, edges),
        _shares(second, edges),
        _moved(first, second),
        *covariances,
        _changed(*covariances),
    )


def little_is_lost(before: Tensor, after: Tensor) -> bool:
    """Whether the values and the covariance are kept: `NonSpatial.kept` without the histograms.

    Args:
        before, after: as for `non_spatial`.

    >>> little_is_lost(torch.ones(3, 8, 8), torch.ones(3, 4, 4))
    True
    """
    first, second = before.flatten(1), after.flatten(1)
    change = _changed(covariance(first), covariance(second))  # first, because it is quick
    return bool(change <= KEPT_WITHIN) and bool(_moved(first, second).max() <= KEPT_WITHIN)


def _moved(first: Tensor, second: Tensor) -> Tensor:
    """The distance that each channel's values moved, relative to its range before."""
    low, high = first.aminmax(dim=1)
    return _quotient(wasserstein(first, second), high - low)


def _changed(first: Tensor, second: Tensor) -> Tensor:
    """The relative change of a covariance."""
    change, size = torch.linalg.matrix_norm(second - first), torch.linalg.matrix_norm(first)
    return _quotient(change, size)


def wasserstein(first: Tensor, second: Tensor) -> Tensor:
    """The average distance that values must move to turn one distribution into the other.

    W = ∫ |F(x) − G(x)| dx with the two empirical distribution functions, which are step functions.
    The result is exact, for any two numbers of values.

    Args:
        first: `(C, n)`.
        second: `(C, m)`, on the same device.

    Returns:
        `(C,)`, in the unit of the values.

    Source: Villani 2003, "Topics in Optimal Transportation", theorem 2.18 with its remark (iii).

    >>> wasserstein(torch.tensor([[0.0, 1.0]]), torch.tensor([[0.5, 2.5, 0.5, 2.5]]))
    tensor([1.])
    """
    both, places = torch.cat([first, second], dim=1).sort(dim=1)
    of_first = places < first.shape[1]
    # among equal values the functions depend on the sort, but the width of the step is 0
    below = of_first.cumsum(1) / first.shape[1] - (~of_first).cumsum(1) / second.shape[1]
    return (below[:, :-1].abs() * both.diff(dim=1)).sum(1)


def _edges(low: Tensor, high: Tensor, bins: int) -> Tensor:
    """Bins of equal width from the lowest to the highest value; around a constant, 1 in total."""
    around = torch.where(high > low, 0.0, 0.5)
    low, high = (low - around)[:, None], (high + around)[:, None]
    return low + (high - low) * torch.linspace(0, 1, bins + 1, device=low.device)


def _shares(values: Tensor, edges: Tensor) -> Tensor:
    """The share of values in each bin; the last bin includes its upper edge, as in numpy."""
    bins = edges.shape[1] - 1
    places = torch.searchsorted(edges, values.contiguous(), right=True).sub(1).clamp(0, bins - 1)
    counts = torch.zeros(len(values), bins, device=values.device)
    ones = torch.ones(1, 1, device=values.device).expand_as(values)
    return counts.scatter_add(1, places, ones) / values.shape[1]


def _quotient(part: Tensor, whole: Tensor) -> Tensor:
    """`part / whole`; 0 if the whole is 0."""
    return torch.where(whole > 0, part / whole.clamp(min=1e-30), 0.0)
