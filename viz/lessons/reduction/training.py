"""A 1×1 encoder and a 1×1 decoder that learn by gradient descent to give the channels back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import cos, pi

import torch
from torch import Tensor

from viz.lessons.reduction.least_squares import root_of_share
from viz.lessons.reduction.moments import Moments
from viz.training.adam import Adam

RATE, KEPT_SQUARES = 0.03, 0.99  # of Adam; the rate falls to 0 along half a cosine
STEPS_AT_ONCE = 20  # some 20 ms: other work waits no longer


@dataclass(frozen=True)
class Training:
    """Encoder and decoder after some steps.

    Attributes:
        encoder: `(k, C)`.
        decoder: `(C, k + 1)`; the last column is the bias.
        errors: the relative error before the first step and after each, of the decoder so far.
    """

    encoder: Tensor
    decoder: Tensor
    errors: tuple[float, ...]

    @property
    def steps(self) -> int:
        """The number of steps so far."""
        return len(self.errors) - 1


@torch.inference_mode(False)
@torch.enable_grad()
def training(moments: Moments, kept: int, steps: int, seed: int) -> Iterator[Training]:
    """Trains by Adam on all pixels at once, after every few steps.

    The mean squared error over all pixels depends on the pixels only through their covariance Σ:
    it is trace((D E − I) Σ (D E − I)ᵀ), with the bias that keeps the means. So each step uses every
    pixel, and takes the same time for any number of them. It is divided by trace(Σ).

    Args:
        moments: of the C channels.
        kept: k, the rows of the encoder.
        steps: how many.
        seed: of the first weights, which are normal with variance 1 / (inputs of the layer).

    Source: Kingma, Ba 2015, "Adam"; Baldi, Hornik 1989, "Neural networks and principal component
    analysis", for the error surface: all its minima are PCA.

    >>> moments = Moments(torch.diag(torch.tensor([9.0, 16.0])).double(), torch.zeros(2).double())
    >>> *_, last = training(moments, kept=1, steps=1000, seed=0)
    >>> last.steps, round(last.errors[-1], 3)              # the root of 9 / 25
    (1000, 0.6)
    """
    covariance, mean = moments.covariance.clone(), moments.mean.clone()
    encoder, decoder = _first_weights(kept, len(mean), seed)
    identity, whole = torch.eye(len(mean), dtype=torch.float64), float(covariance.trace()) or 1.0

    def loss() -> Tensor:
        off = decoder @ encoder - identity
        return (off @ covariance * off).sum() / whole

    adam = Adam([encoder, decoder], RATE, kept_squares=KEPT_SQUARES)
    errors: list[float] = []
    for step in range(steps + 1):
        adam.rate = RATE * (1 + cos(pi * step / steps)) / 2
        adam.zero_grad()
        now = loss()
        errors.append(root_of_share(float(now.detach()), 1.0))
        if step % STEPS_AT_ONCE == 0 or step == steps:
            yield _seen(encoder, decoder, mean, errors)
        now.backward()
        adam.step()


def _first_weights(kept: int, channels: int, seed: int) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(seed)
    shapes = (kept, channels), (channels, kept)
    encoder, decoder = (
        torch.randn(shape, generator=generator, dtype=torch.float64) / shape[1] ** 0.5
        for shape in shapes
    )
    return encoder.requires_grad_(), decoder.requires_grad_()


def _seen(encoder: Tensor, decoder: Tensor, mean: Tensor, errors: list[float]) -> Training:
    """Copies, so that further steps do not change them."""
    rows, weight = encoder.detach().clone(), decoder.detach().clone()
    bias = mean - weight @ (rows @ mean)
    return Training(rows, torch.cat([weight, bias[:, None]], dim=1), tuple(errors))
