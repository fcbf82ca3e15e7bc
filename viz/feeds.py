"""Which kernels of a bank feed which maps, through layers of any kind."""

from __future__ import annotations

from collections.abc import Iterable
from functools import singledispatch

import torch
from torch import Tensor, nn

from viz.layers.branches import AppendDifference, Branches, joined
from viz.layers.chain import layers_of
from viz.layers.channel_shuffle import PermuteChannels, PickChannels, ShuffleChannels
from viz.layers.cross_channel_pooling import (
    Maxout,
    PoolChannels,
    PoolParts,
    WinningChannel,
    pool_channels,
    pool_parts,
)
from viz.layers.filter_bank import FilterBank
from viz.layers.pointwise import mix_channels, mix_groups


def feeding(stages: Iterable[nn.Module]) -> Tensor | None:
    """How strongly each kernel of the bank feeds each map after the last stage.

    strength[m, k] > 0 if map m depends on kernel k. Along a path through mixtures the strengths of
    weights multiply, and paths add up: the largest strength is that of the kernel with most weight.
    Unlike an effective kernel it exists after layers that are not linear too.

    Args:
        stages: the chain from the picture on, in data order.

    Returns:
        `(maps, kernels)`, none below 0; None without a bank of filters.

    >>> from viz.layers.gabor import GaborBank, GaborParameters
    >>> bank = GaborBank(GaborParameters(2, 2, 8.0, 4.0, 21, 1.0))
    >>> feeding([bank, nn.ReLU(), PoolChannels(2)])
    tensor([[1., 1., 0., 0.],
            [0., 0., 1., 1.]])
    """
    strength: Tensor | None = None
    for layer in (layer for stage in stages for _, layer in layers_of(stage)):
        if isinstance(layer, FilterBank):
            strength = torch.eye(len(layer.weight), device=layer.weight.device)[:, None]
        elif strength is not None:
            strength = fed(layer, strength)
    return None if strength is None else strength[:, 0]


MAX_LINKS = 512


def strongest_first(strength: Tensor) -> list[list[int]]:
    """The kernels that feed each map, the strongest first, of equals that with the lower index.

    Of very many links only the strongest of each map are named, so that a header stays small.

    >>> strongest_first(torch.tensor([[0.0, 1.0, 2.0], [1.0, 0.0, 1.0]]))
    [[2, 1], [0, 2]]
    """
    counts = (strength > 0).sum(1)
    if counts.sum() > MAX_LINKS:
        counts = counts.clamp(max=MAX_LINKS // len(counts))
    order = strength.argsort(dim=1, descending=True, stable=True).tolist()
    return [kernels[:count] for kernels, count in zip(order, counts.tolist(), strict=True)]


@singledispatch
def fed(layer: nn.Module, strength: Tensor) -> Tensor:
    """The strengths after a layer: one rule for every kind of layer that mixes or moves channels.

    Other layers pass every channel on by itself. Add a rule for another kind with `fed.register`.

    Args:
        layer: the layer.
        strength: `(C, 1, kernels)`, those of its input: a picture of which every kernel is a pixel.
    """
    return strength


@fed.register
def _side_by_side(layer: Branches, strength: Tensor) -> Tensor:
    return joined([_through(branch, strength) for branch in layer.values()])


def _through(branch: nn.Module, strength: Tensor) -> Tensor:
    for _, layer in layers_of(branch):
        strength = fed(layer, strength)
    return strength


@fed.register
def _differences(layer: AppendDifference, strength: Tensor) -> Tensor:
    first, second = strength.chunk(2)
    return torch.cat([strength, first + second])


@fed.register
def _moved(layer: ShuffleChannels | PermuteChannels | PickChannels, strength: Tensor) -> Tensor:
    moved: Tensor = layer(strength)
    return moved


@fed.register
def _pooled(layer: PoolChannels | WinningChannel, strength: Tensor) -> Tensor:
    return pool_channels(strength, layer.group)


@fed.register
def _pooled_parts(layer: PoolParts, strength: Tensor) -> Tensor:
    return pool_parts(strength, layer.parts)


@fed.register
def _mixed(layer: nn.Conv2d, strength: Tensor) -> Tensor:
    weight = layer.weight.abs().sum((2, 3)).to(strength.device)
    return mix_groups(strength, weight, layer.groups)


@fed.register
def _read_whole(layer: nn.Linear, strength: Tensor) -> Tensor:
    """Of flattened maps: every output reads all pixels of every channel."""
    weight = layer.weight.abs().unflatten(1, (len(strength), -1)).sum(2)
    return mix_channels(strength, weight.to(strength.device))


@fed.register
def _largest_mixture(layer: Maxout, strength: Tensor) -> Tensor:
    mixed = mix_channels(strength, layer.matrix.abs().to(strength.device))
    return pool_channels(mixed, layer.pieces)
