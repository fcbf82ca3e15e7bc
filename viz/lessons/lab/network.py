"""The layers that a Setting of the Lab means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from torch import Tensor, nn

from viz.layers.activation import Square
from viz.layers.channel_shuffle import ShuffleChannels
from viz.layers.cross_channel_pooling import PoolChannels
from viz.layers.pointwise import Pointwise
from viz.lessons.chain import Through, apply, oriented_maps
from viz.lessons.lab.setting import Setting
from viz.lessons.weights import fitting, mixing_matrix

STAGES = ("bank", "rectifier", "pooling", "pointwise", "strided")


def arriving(setting: Setting) -> dict[str, int]:
    """How many channels reach each stage, and how many leave the last one (`out`).

    >>> arriving(Setting())
    {'bank': 3, 'rectifier': 16, 'pooling': 16, 'pointwise': 4, 'strided': 4, 'out': 4}
    """
    filtered = 3 if setting.bank == "rgb" else setting.orientations * setting.phases
    pooled = filtered // pooled_group(setting, filtered)
    mixed = setting.pointwise_outputs if setting.pointwise else pooled
    out = (setting.strided_outputs or mixed) if setting.strided else mixed
    return {
        "bank": 3,
        "rectifier": filtered,
        "pooling": filtered,
        "pointwise": pooled,
        "strided": mixed,
        "out": out,
    }


@lru_cache(maxsize=64)  # a step of a slider asks for it at every turn
def resolved(setting: Setting) -> Setting:
    """The nearest Setting that can be built: groups that divide, components that exist.

    >>> resolved(Setting(pool_over="channels", group=5)).group      # 16 channels arrive
    4
    >>> resolved(Setting(pointwise_outputs=9)).pointwise_outputs    # only 4 components exist
    4
    """
    filtered = arriving(setting)["pooling"]
    divisors = [n for n in range(1, filtered + 1) if filtered % n == 0]
    setting = replace(
        setting,
        pool_over="channels" if setting.bank == "rgb" else setting.pool_over,
        group=max(n for n in divisors if n <= setting.group),
    )
    for layer in ("pointwise", "strided"):
        setting = fitting(setting, layer, arriving(setting)[layer], otherwise="identity")
    return setting


def network(setting: Setting, pixels: Tensor, through: Through = apply) -> nn.Sequential:
    """The layers this setting means; stages that are switched off are left out.

    Args:
        setting: any Setting; what cannot be built is `resolved` first.
        pixels: `(3, H, W)`, the picture; only principal components look at it.
        through: takes pixels through the stages before such a layer; whoever remembers what
            stages gave may pass a quicker way to the same maps.

    Returns:
        A Sequential whose children bear the names of `STAGES`, `bank` always among them.

    >>> import torch
    >>> list(dict(network(Setting(rectifier="none"), torch.zeros(3, 8, 8)).named_children()))
    ['bank', 'pooling', 'pointwise', 'strided']
    """
    setting = resolved(setting)
    chain = nn.Sequential()
    chain.add_module(
        "bank", nn.Identity() if setting.bank == "rgb" else oriented_maps(setting.gabor)
    )
    if setting.rectifier != "none":
        chain.add_module("rectifier", nn.ReLU() if setting.rectifier == "relu" else Square())
    if setting.pooling != "none":
        chain.add_module("pooling", _pooling(setting))
    if setting.pointwise:
        layer = nn.Sequential()
        layer.add_module("mix", _mix(setting, "pointwise", lambda: through(chain, pixels)))
        if setting.pointwise_relu:
            layer.add_module("relu", nn.ReLU())
        chain.add_module("pointwise", layer)
    if setting.strided:
        chain.add_module("strided", _mix(setting, "strided", lambda: through(chain, pixels)))
    return chain


def pooled_group(setting: Setting, filtered: int) -> int:
    if setting.pooling == "none":
        return 1
    by_gabor = {"phases": setting.phases, "orientations": setting.orientations}
    if setting.bank == "gabor" and setting.pool_over in by_gabor:
        return by_gabor[setting.pool_over]
    return max(n for n in range(1, filtered + 1) if filtered % n == 0 and n <= setting.group)


def _pooling(setting: Setting) -> nn.Module:
    pool = PoolChannels(
        pooled_group(setting, arriving(setting)["pooling"]),
        "max" if setting.pooling == "max" else "mean",
    )
    if setting.pool_over != "orientations":
        return pool
    reordered = nn.Sequential()
    reordered.add_module("by_phase", ShuffleChannels(setting.orientations))
    reordered.add_module("pool", pool)
    return reordered


def _mix(setting: Setting, layer: str, arriving_maps: Callable[[], Tensor]) -> Pointwise:
    """A 1×1 layer by its recipe, with the cells that were set by hand."""
    matrix, recipe = mixing_matrix(setting, layer, arriving(setting)[layer], arriving_maps)
    return Pointwise(matrix, stride=setting.stride if layer == "strided" else 1, recipe=recipe)
