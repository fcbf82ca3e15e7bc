"""Means and covariance of the channels: all that a linear reduction and its decoder depend on."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from viz.lessons.measured import Measured, Measuring
from viz.lessons.reduction.decoding import SMALLEST
from viz.lessons.reduction.least_squares import Sums


class Moments(NamedTuple):
    """Statistics of the channels over all pixels, in double precision on the CPU.

    Attributes:
        covariance: `(C, C)`, divided by the number of pixels.
        mean: `(C,)`.
    """

    covariance: Tensor
    mean: Tensor

    @property
    def total(self) -> float:
        """The sum of the variances of all channels."""
        return float(self.covariance.trace())


def second_moments(maps: Tensor) -> Tensor:
    """The covariance of the channels, and after it their means as one more column.

    Args:
        maps: `(C, H, W)`.

    Returns:
        `(C, C + 1)` float64 on the CPU.

    >>> second_moments(torch.tensor([[[0.0, 2.0]], [[3.0, 1.0]]]))
    tensor([[ 1., -1.,  1.],
            [-1.,  1.,  2.]], dtype=torch.float64)
    """
    values = maps.flatten(1).cpu().double()
    mean = values.mean(1, keepdim=True)
    centred = values - mean
    return torch.cat([centred @ centred.T / values.shape[1], mean], dim=1)


def moments_of(measured: Measuring) -> Moments:
    """The moments of the maps that are measured; a cache makes them once for a picture."""
    both = measured(Measured(second_moments))
    return Moments(both[:, :-1], both[:, -1])


def linear_decoder(encoder: Tensor, moments: Moments) -> Tensor:
    """`decoding_rows` for codes that are a 1×1 of the channels, from their moments alone.

    W = Σ Eᵀ (E Σ Eᵀ)⁻¹ and b = mean − W E mean, with the covariance Σ of the channels and the rows
    of the encoder E.

    Args:
        encoder: `(k, C)`.
        moments: of the C channels.

    Returns:
        `(C, k + 1)` float64; the last column is the bias.

    >>> apart = Moments(torch.eye(2).double(), torch.tensor([0.0, 3.0]).double())
    >>> linear_decoder(torch.tensor([[2.0, 0.0]]), apart)          # nothing tells the second channel
    tensor([[0.5000, 0.0000],
            [0.0000, 3.0000]], dtype=torch.float64)
    """
    weight = _sums(encoder, moments).decoder
    bias = moments.mean - weight @ (encoder.double() @ moments.mean)
    return torch.cat([weight, bias[:, None]], dim=1)


def linear_error(encoder: Tensor, moments: Moments) -> float:
    """The relative error after the best decoder, see `relative_error`, from the moments alone.

    >>> linear_error(torch.tensor([[1.0, 0.0]]), Moments(torch.eye(2).double(), torch.zeros(2)))
    0.7071067811865476
    """
    return _sums(encoder, moments).error


def _sums(encoder: Tensor, moments: Moments) -> Sums:
    rows = encoder.double()
    across = moments.covariance @ rows.T
    return Sums(moments.covariance.trace(), across, rows @ across)


def best_order(covariance: Tensor) -> tuple[int, ...]:
    """The channels in the order in which a greedy choice keeps them.

    Each next channel is the one with which the best decoder gains most: the one whose residual,
    what the kept ones do not tell, explains most of the residuals of all channels.

    Args:
        covariance: `(C, C)` in double precision.

    Source: Farahat, Ghodsi, Kamel 2013, "Efficient greedy feature selection for unsupervised
    learning", section 4; the same gains as orthogonal matching pursuit over all channels together.

    >>> best_order(torch.tensor([[4.0, 0, 0], [0, 1, 0.9], [0, 0.9, 1]]).double())
    (0, 1, 2)
    """
    residual, order = covariance.clone(), list[int]()
    floor = SMALLEST * float(covariance.diagonal().amax())
    while len(order) < len(covariance):
        variance = residual.diagonal()
        gains = torch.where(variance > floor, residual.square().sum(0) / variance, 0)
        gains[order] = -1
        best = int(gains.argmax())
        order.append(best)
        if variance[best] > floor:
            column = residual[:, best].clone()
            residual -= torch.outer(column, column) / column[best]
    return tuple(order)
