"""The Lab's claims about its layers."""

from __future__ import annotations

from torch import Tensor, nn

from viz.layers.cross_channel_pooling import PoolChannels
from viz.lessons.claim import Claim, seen_on
from viz.lessons.lab.setting import Setting
from viz.lessons.layer_claims import pointwise_claims, pooling_claim, strided_claim
from viz.lessons.lesson import Built


def claims(built: Built[Setting], pixels: Tensor) -> list[Claim]:
    """The Lab's claims about the layers that are switched on, for this picture.

    A difference is only claimed if it exists: the mean over opposite phases is 0 everywhere.
    """
    stages = dict(built.network.named_children())
    made: list[Claim] = []
    if "pointwise" in stages:
        matrix = built.mixing("pointwise").matrix
        made += pointwise_claims(built.before("pointwise"), matrix, swapped=built.setting.swapped)
    if "strided" in stages:
        layer = built.mixing("strided")
        made.append(strided_claim(built.before("strided"), layer.matrix, layer.stride[0]))
    if "pooling" in stages:
        made.append(_pooling_claim(built.before("pooling"), stages["pooling"]))
    return seen_on(pixels, made)


def _pooling_claim(before_the_stage: nn.Module, stage: nn.Module) -> Claim:
    parts = list(stage.children()) or [stage]
    pool = next(part for part in parts if isinstance(part, PoolChannels))
    given = nn.Sequential(before_the_stage, *(part for part in parts if part is not pool))
    return pooling_claim(given, pool.group, pool.mode)
