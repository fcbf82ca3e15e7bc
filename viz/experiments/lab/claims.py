"""What the Lab claims of its layers."""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from viz.experiments.claim import Claim
from viz.experiments.lab.network import network
from viz.experiments.lab.setting import Setting
from viz.layers.cross_channel_pooling import PoolChannels
from viz.layers.pointwise import mix_channels, mixing_layer


def claims(setting: Setting, pixels: Tensor) -> tuple[Claim, ...]:
    """What the Lab claims of the layers that are switched on, for this very picture."""
    chain = network(setting, pixels)
    stages = dict(chain.named_children())
    made: list[Claim] = []
    if "pointwise" in stages:
        matrix = mixing_layer(stages["pointwise"]).matrix
        made += _pointwise_claims(_before(chain, "pointwise"), matrix, swapped=setting.swapped)
    if "strided" in stages:
        layer = mixing_layer(stages["strided"])
        made.append(_strided_claim(_before(chain, "strided"), layer.matrix, layer.stride[0]))
    if "pooling" in stages:
        made.append(_pooling_claim(_before(chain, "pooling"), stages["pooling"]))
    return tuple(made)


def _before(chain: nn.Sequential, stage: str) -> nn.Sequential:
    """The stages that stand before one of them."""
    names = list(dict(chain.named_children()))
    return nn.Sequential(*list(chain)[: names.index(stage)])


def _pointwise_claims(given: nn.Module, matrix: Tensor, *, swapped: bool) -> list[Claim]:
    def convolution(x: Tensor) -> Tensor:
        kernel = matrix.to(x.device)[:, :, None, None]
        if swapped:
            return F.conv2d(x, kernel.expand(-1, -1, 3, 3) / 9, padding=1)
        return F.conv2d(x, kernel)

    def product(x: Tensor) -> Tensor:
        return (matrix.to(x.device) @ x.flatten(1)).unflatten(1, x.shape[1:])

    def loop(x: Tensor) -> Tensor:
        rows = matrix.tolist()
        values = x.permute(1, 2, 0).tolist()
        mixed = [
            [
                [sum(w * v for w, v in zip(row, pixel, strict=True)) for pixel in line]
                for line in values
            ]
            for row in rows
        ]
        return torch.tensor(mixed, device=x.device)

    def magnitude(x: Tensor) -> Tensor:
        return mix_channels(x.abs(), matrix.abs().to(x.device))

    terms = matrix.shape[1]
    first = "A 1×1 convolution is one matrix product at every pixel."
    if swapped:
        first = "A 3×3 convolution in its place is not: it reads the neighbours too."
    return [
        Claim(first, convolution, product, not swapped, given, magnitude, terms),
        Claim(
            "A plain loop over the pixels of a crop gives the same.",
            product,
            loop,
            True,
            lambda pixels: _crop(given(pixels)),
            magnitude,
            terms,
        ),
    ]


def _crop(maps: Tensor, side: int = 8) -> Tensor:
    """The middle of the maps, small enough for a loop in Python."""
    top, left = ((length - min(side, length)) // 2 for length in maps.shape[-2:])
    return maps[..., top : top + side, left : left + side]


def _strided_claim(given: nn.Module, matrix: Tensor, stride: int) -> Claim:
    def magnitude(x: Tensor) -> Tensor:
        return mix_channels(x.abs(), matrix.abs().to(x.device), stride=stride)

    return Claim(
        "A strided 1×1 is subsampling, then a 1×1.",
        lambda x: F.conv2d(x, matrix.to(x.device)[:, :, None, None], stride=stride),
        lambda x: mix_channels(x[:, ::stride, ::stride], matrix.to(x.device)),
        True,
        given,
        magnitude,
        matrix.shape[1],
    )


def _pooling_claim(given: nn.Module, pooling: nn.Module) -> Claim:
    parts = list(pooling.children()) or [pooling]
    pool = next(part for part in parts if isinstance(part, PoolChannels))
    group, mode = pool.group, pool.mode
    over_channels: Callable[..., Tensor] = F.max_pool3d if mode == "max" else F.avg_pool3d

    def framework(x: Tensor) -> Tensor:
        return over_channels(x[None, None], (group, 1, 1))[0, 0]

    def reshaped(x: Tensor) -> Tensor:
        groups = x.reshape(-1, group, *x.shape[1:])
        return groups.amax(1) if mode == "max" else groups.mean(1)

    return Claim(
        f"Cross-channel {mode} is a reshape and a {mode} over one axis.",
        framework,
        reshaped,
        True,
        nn.Sequential(given, *(part for part in parts if part is not pool)),
        None if mode == "max" else lambda x: reshaped(x.abs()),
        group,
    )
