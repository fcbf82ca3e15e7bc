"""The layers that a Setting of the lesson means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from math import gcd

from torch import Tensor, nn

from viz.layers.channel_shuffle import ShuffleChannels
from viz.layers.pointwise import Pointwise
from viz.layers.recipes import diagonal_blocks
from viz.lessons.chain import Through, apply, oriented_maps
from viz.lessons.pointwise.setting import ORIENTATIONS, PHASES, Setting
from viz.lessons.weights import fitting, mixing_matrix

STAGES = ("bank", "pointwise", "relu", "shuffle", "second")


def arriving(setting: Setting) -> dict[str, int]:
    """How many channels reach each stage, and how many leave the last one (`out`).

    >>> arriving(Setting(pointwise_outputs=2, second=True))
    {'bank': 3, 'pointwise': 3, 'relu': 2, 'shuffle': 2, 'second': 2, 'out': 2}
    """
    filtered = 3 if setting.bank == "rgb" else ORIENTATIONS * PHASES
    mixed = setting.pointwise_outputs or filtered
    out = (setting.second_outputs or mixed) if setting.second else mixed
    return {"bank": 3, "pointwise": filtered, **dict.fromkeys(STAGES[2:], mixed), "out": out}


@lru_cache(maxsize=64)  # a step of a slider asks for it at every turn
def resolved(setting: Setting) -> Setting:
    """The nearest Setting that can be built: rows that exist, groups that divide.

    A matrix for colours becomes the principal components where other maps arrive: opponent
    colours are close to the principal components of natural colours.

    >>> resolved(Setting(pointwise_outputs=9)).pointwise_outputs    # opponents are three
    3
    >>> resolved(Setting(groups=2)).groups                          # 2 does not divide 3 channels
    1
    """
    for layer in ("pointwise", "second"):
        setting = fitting(setting, layer, arriving(setting)[layer], otherwise="principal")
    counts = arriving(setting)
    shared = common_divisors(counts["pointwise"], counts["relu"])
    groups = max(g for g in shared if g <= setting.groups)
    return replace(setting, groups=groups, shuffle=setting.shuffle and groups > 1)


def common_divisors(inputs: int, outputs: int) -> list[int]:
    """Into how many groups a layer can be cut.

    >>> common_divisors(16, 24)
    [1, 2, 4, 8]
    """
    return [n for n in range(1, gcd(inputs, outputs) + 1) if gcd(inputs, outputs) % n == 0]


def layer_groups(setting: Setting, layer: str) -> int:
    """Into how many groups a layer is cut: as asked, or the most that divide the second one.

    >>> layer_groups(Setting(bank="gabor", groups=8, second_outputs=12), "second")
    4
    """
    setting = resolved(setting)
    if layer == "pointwise":
        return setting.groups
    inputs = arriving(setting)["second"]
    shared = common_divisors(inputs, setting.second_outputs or inputs)
    return max(g for g in shared if g <= setting.groups)


def network(setting: Setting, pixels: Tensor, through: Through = apply) -> nn.Sequential:
    """The layers this setting means; stages that are switched off are left out.

    Args:
        setting: any Setting; what cannot be built is `resolved` first.
        pixels: `(3, H, W)`, the picture; only principal components and whitening look at it.
        through: takes pixels through the stages before such a layer; whoever remembers what
            stages gave may pass a quicker way to the same maps.

    Returns:
        A Sequential whose children bear the names of `STAGES`, `bank` and `pointwise` always
        among them.

    >>> import torch
    >>> list(dict(network(Setting(relu=True), torch.zeros(3, 8, 8)).named_children()))
    ['bank', 'pointwise', 'relu']
    """
    setting = resolved(setting)
    chain = nn.Sequential()
    chain.add_module(
        "bank", nn.Identity() if setting.bank == "rgb" else oriented_maps(setting.gabor)
    )
    chain.add_module("pointwise", _mix(setting, "pointwise", lambda: through(chain, pixels)))
    if setting.relu:
        chain.add_module("relu", nn.ReLU())
    if setting.shuffle:
        chain.add_module("shuffle", ShuffleChannels(setting.groups))
    if setting.second:
        chain.add_module("second", _mix(setting, "second", lambda: through(chain, pixels)))
    return chain


def _mix(setting: Setting, layer: str, arriving_maps: Callable[[], Tensor]) -> Pointwise:
    """A 1×1 layer by its recipe, with the cells that were set by hand, cut to its groups."""
    matrix, recipe = mixing_matrix(setting, layer, arriving(setting)[layer], arriving_maps)
    groups = layer_groups(setting, layer)
    return Pointwise(diagonal_blocks(matrix, groups), groups=groups, recipe=recipe)
