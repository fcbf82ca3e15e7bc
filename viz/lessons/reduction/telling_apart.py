"""Few numbers a pixel, and a linear classifier that tells two classes apart by them."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from viz.layers.recipes import principal_rows
from viz.lessons.covariance import covariance
from viz.lessons.reduction.textures import Pixels

DECAY = 1e-6  # of squared weights, so that classes without overlap have a best classifier too


@dataclass(frozen=True)
class Told:
    """A reduction, and the classifier of its numbers.

    Attributes:
        rows: `(k, C)`, the weights of the 1×1 that reduces.
        classifier: `(k + 1,)`, the weight of each number and the bias.
    """

    rows: Tensor
    classifier: Tensor

    def is_second(self, values: Tensor) -> Tensor:
        """Which of the pixels `(C, n)` it takes for the second class."""
        return (self.classifier[:-1] @ self.rows) @ values + self.classifier[-1] > 0

    def accuracy(self, pixels: Pixels) -> float:
        """The share of pixels that it is right about."""
        return float((self.is_second(pixels.values) == (pixels.second > 0)).double().mean())


def logistic_weights(values: Tensor, second: Tensor) -> Tensor:
    """Logistic regression by Newton's method.

    Minimises the mean of log(1 + exp(−s·(w·x + b))), s = 1 for the second class and −1 for the
    first, + 1e-6/2·(|w|² + b²).

    Args:
        values: `(k, n)`.
        second: `(n,)`, 0 or 1.

    Returns:
        `(k + 1,)`; the last one is the bias.

    >>> x = torch.tensor([[0.0, 1.0, 2.0, 3.0]]).double()
    >>> weight, bias = logistic_weights(x, torch.tensor([0.0, 1.0, 0.0, 1.0]).double())
    >>> round(float(-bias / weight), 3)           # as likely the one as the other in the middle
    1.5
    """
    inputs = torch.cat([values, torch.ones_like(values[:1])])
    weights = inputs.new_zeros(len(inputs))
    ridge = DECAY * torch.eye(len(inputs), dtype=inputs.dtype)
    for _ in range(40):
        likely = torch.sigmoid(weights @ inputs)
        slope = inputs @ (likely - second) / len(second) + DECAY * weights
        bend = (inputs * (likely * (1 - likely))) @ inputs.T / len(second) + ridge
        weights = weights - torch.linalg.solve(bend, slope)
        if slope.norm() < 1e-10:
            break
    return weights


def by_variance(pixels: Pixels, most: int) -> Tensor:
    """The rows of PCA, `(most, C)`; it knows no classes."""
    return principal_rows(pixels.values[:, None], most).double()


def by_fisher(pixels: Pixels) -> Tensor:
    """Fisher's discriminant, `(1, C)`: the number whose class means are furthest apart.

    row = S⁻¹ · (mean of the second class − mean of the first), S the mean of the covariances of both;
    it maximises (difference of the means)² / (mean of the variances) of the number.

    Source: Fisher 1936, Annals of Eugenics 7(2); Hastie, Tibshirani, Friedman 2009, section 4.3.

    >>> values = torch.tensor([[0.0, 1.0, 4.0, 5.0], [0.0, 2.0, 0.0, 2.0]]).double()
    >>> row = by_fisher(Pixels(values, torch.tensor([0.0, 0.0, 1.0, 1.0]).double()))
    >>> (row / row[0, 0]).round(decimals=3)       # the second channel takes the spread out of the first
    tensor([[ 1.0000, -0.5000]], dtype=torch.float64)
    """
    first, second = (pixels.values[:, pixels.second == label] for label in (0, 1))
    spread = (covariance(first) + covariance(second)) / 2
    apart = second.mean(1) - first.mean(1)
    ridge = 1e-9 * spread.trace() * torch.eye(len(spread), dtype=spread.dtype)
    return torch.linalg.solve(spread + ridge, apart)[None]


def read_by_logistic(rows: Tensor, pixels: Pixels) -> Told:
    """The numbers of some rows with their best linear classifier."""
    return Told(rows, logistic_weights(rows @ pixels.values, pixels.second))
