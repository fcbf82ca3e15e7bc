"""The encoders of the contest: from C channels to k, each as a layer."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from viz.layers.channel_shuffle import PickChannels
from viz.layers.cross_channel_pooling import PoolParts
from viz.layers.pointwise import Pointwise
from viz.layers.recipes import Recipe, principal_rows, random_rows
from viz.lessons.measured import Measured, Measuring
from viz.lessons.reduction.moments import best_order, moments_of


def first_random_rows(outputs: int, channels: int, seed: int) -> Tensor:
    """The first rows of as many random rows as channels: fewer rows are some of more rows.

    >>> bool((first_random_rows(2, 9, seed=3) == first_random_rows(5, 9, seed=3)[:2]).all())
    True
    """
    return random_rows(channels, channels, seed)[:outputs]


def encoder_of(method: str, channels: int, kept: int, seed: int, measured: Measuring) -> nn.Module:
    """The layer of a method.

    Args:
        method: one of `METHODS`.
        channels: C, the channels that reach it.
        kept: k, at most C.
        seed: of the random 1×1.
        measured: applies a function to the maps that reach it.

    >>> from viz.lessons.measured import looking_at
    >>> encoder_of("first", channels=3, kept=2, seed=0, measured=looking_at(torch.rand(3, 4, 5)))
    PickChannels(channels=(0, 1))
    """
    if method == "pca":
        rows = measured(Measured(principal_rows, outputs=channels)).cpu()[:kept]
        recipe = Recipe(principal_rows, (("outputs", kept),), of_channels=True)
        return Pointwise(rows, recipe=recipe)
    if method == "random":
        arguments = {"outputs": kept, "channels": channels, "seed": seed}
        recipe = Recipe(first_random_rows, tuple(arguments.items()), helpers=(random_rows,))
        return Pointwise(first_random_rows(**arguments), recipe=recipe)
    if method == "first":
        return PickChannels(range(kept))
    if method == "best":
        return PickChannels(best_order(moments_of(measured).covariance)[:kept])
    return PoolParts(kept, "max" if method == "max" else "mean")


def matrix_of(encoder: nn.Module, channels: int) -> Tensor | None:
    """The matrix `(k, C)` of an encoder that is a 1×1; None for a group max that is none.

    >>> matrix_of(PoolParts(2, "mean"), channels=4)
    tensor([[0.5000, 0.5000, 0.0000, 0.0000],
            [0.0000, 0.0000, 0.5000, 0.5000]])
    """
    pools = isinstance(encoder, PoolParts) and encoder.mode == "max"
    matrix: Tensor = encoder(torch.eye(channels)[:, :, None])[:, :, 0]
    return None if pools and len(matrix) < channels else matrix
