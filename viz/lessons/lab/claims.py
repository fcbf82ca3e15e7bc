"""What the Lab claims of its layers."""

from __future__ import annotations

from torch import Tensor, nn

from viz.layers.cross_channel_pooling import PoolChannels
from viz.layers.pointwise import mixing_layer
from viz.lessons.chain import before
from viz.lessons.claim import Claim
from viz.lessons.lab.network import network
from viz.lessons.lab.setting import Setting
from viz.lessons.layer_claims import pointwise_claims, pooling_claim, strided_claim


def claims(setting: Setting, pixels: Tensor) -> tuple[Claim, ...]:
    """What the Lab claims of the layers that are switched on, for this very picture."""
    chain = network(setting, pixels)
    stages = dict(chain.named_children())
    made: list[Claim] = []
    if "pointwise" in stages:
        matrix = mixing_layer(stages["pointwise"]).matrix
        made += pointwise_claims(before("pointwise", chain), matrix, swapped=setting.swapped)
    if "strided" in stages:
        layer = mixing_layer(stages["strided"])
        made.append(strided_claim(before("strided", chain), layer.matrix, layer.stride[0]))
    if "pooling" in stages:
        made.append(_pooling_claim(before("pooling", chain), stages["pooling"]))
    return tuple(made)


def _pooling_claim(before_the_stage: nn.Module, stage: nn.Module) -> Claim:
    parts = list(stage.children()) or [stage]
    pool = next(part for part in parts if isinstance(part, PoolChannels))
    given = nn.Sequential(before_the_stage, *(part for part in parts if part is not pool))
    return pooling_claim(given, pool.group, pool.mode)
