"""A reduction trained together with the linear classifier that reads its numbers."""

from __future__ import annotations

from collections.abc import Generator

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from viz.lessons.covariance import covariance
from viz.lessons.reduction.telling_apart import DECAY, Told
from viz.lessons.reduction.textures import Pixels
from viz.training.adam import Adam

STEPS, BETWEEN_PAUSES = 100, 10
RATE = 0.1  # at first; it falls in a straight line to 0


@torch.inference_mode(False)
@torch.enable_grad()
def trained(pixels: Pixels, k: int, seed: int) -> Generator[None, None, Told]:
    """Trains both by Adam, from random weights, on all pixels at once.

    The loss is that of `logistic_weights`, whose weights are here the product of the classifier's and
    the reduction's. The channels are whitened first; that changes no best loss and saves steps.

    Args:
        pixels: those to learn from.
        k: how many numbers.
        seed: of the first weights.

    Yields:
        None, a pause after every few steps.
    """
    channels = pixels.values.clone()  # copies: inference tensors have no gradients
    white, mean = whitening(channels)
    values, second = white @ (channels - mean), pixels.second.clone()
    reduce, classify = first_weights(len(values), k, seed)
    adam = Adam([reduce.weight, classify.weight, classify.bias], RATE)
    for step in range(STEPS):
        adam.rate = RATE * (1 - step / STEPS)
        adam.zero_grad()
        mixed = classify.weight @ reduce.weight
        loss = F.binary_cross_entropy_with_logits((mixed @ values)[0] + classify.bias, second)
        (loss + DECAY / 2 * mixed.square().sum()).backward()
        adam.step()
        if step % BETWEEN_PAUSES == 0:
            yield None
    rows = reduce.weight.detach() @ white
    weight, bias = classify.weight.detach()[0], classify.bias.detach()
    return Told(rows, torch.cat([weight, bias - weight @ (rows @ mean)[:, 0]]))


def whitening(values: Tensor) -> tuple[Tensor, Tensor]:
    """The rows that make channels uncorrelated with variance 1, and the channels' means.

    Directions in which nothing varies are left out.

    Args:
        values: `(C, n)`, in double precision.

    Returns:
        `(D, C)`, D at most C, and `(C, 1)`.

    >>> rows, mean = whitening(torch.tensor([[1.0, 5.0], [2.0, 2.0]]).double())
    >>> rows.abs(), mean.T
    (tensor([[0.5000, 0.0000]], dtype=torch.float64), tensor([[3., 2.]], dtype=torch.float64))
    """
    variances, axes = torch.linalg.eigh(covariance(values))
    varies = variances > 1e-9 * variances[-1]
    return (axes[:, varies] / variances[varies].sqrt()).T, values.mean(1, keepdim=True)


def first_weights(channels: int, k: int, seed: int) -> tuple[nn.Linear, nn.Linear]:
    """The reduction without a bias and the classifier, with normal weights of a seed."""
    reduce, classify = nn.Linear(channels, k, bias=False).double(), nn.Linear(k, 1).double()
    draw = torch.Generator().manual_seed(seed)
    for layer in (reduce, classify):
        nn.init.normal_(layer.weight, std=layer.in_features**-0.5, generator=draw)
    nn.init.zeros_(classify.bias)
    return reduce, classify
