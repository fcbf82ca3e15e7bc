"""The optimiser of everything that is trained here."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor

KEPT, KEPT_SQUARES = 0.9, 0.999
TINY = 1e-8


class Adam:
    """Adam, step for step `torch.optim.Adam`.

    The first optimiser that torch makes imports eight hundred modules. In the queue that would hold
    up every visitor for seconds.

    Attributes:
        rate: the learning rate; it may change between steps.

    Args:
        weights: what is trained.
        rate: the first learning rate.
        kept_squares: how much of the mean square of the gradients each step keeps, β₂.

    Source: Kingma, Ba 2015, "Adam: a method for stochastic optimization", algorithm 1.

    >>> weight = torch.tensor([1.0], requires_grad=True)
    >>> adam = Adam([weight], rate=0.1)
    >>> weight.square().sum().backward()
    >>> adam.step()
    >>> weight
    tensor([0.9000], requires_grad=True)
    """

    def __init__(
        self, weights: Iterable[Tensor], rate: float, *, kept_squares: float = KEPT_SQUARES
    ) -> None:
        self.weights = list(weights)
        self.rate = rate
        self._kept_squares = kept_squares
        self._steps = 0
        self._means = [torch.zeros_like(weight) for weight in self.weights]
        self._squares = [torch.zeros_like(weight) for weight in self.weights]

    def zero_grad(self) -> None:
        """Forgets the gradients."""
        for weight in self.weights:
            weight.grad = None

    @torch.no_grad()
    def step(self) -> None:
        """Changes every weight that has a gradient."""
        self._steps += 1
        kept = self._kept_squares
        whole, whole_squares = 1 - KEPT**self._steps, 1 - kept**self._steps
        for weight, mean, square in zip(self.weights, self._means, self._squares, strict=True):
            if weight.grad is None:
                continue
            mean.lerp_(weight.grad, 1 - KEPT)
            square.mul_(kept).addcmul_(weight.grad, weight.grad, value=1 - kept)
            spread = (square.sqrt() / whole_squares**0.5).add_(TINY)
            weight.addcdiv_(mean, spread, value=-self.rate / whole)
