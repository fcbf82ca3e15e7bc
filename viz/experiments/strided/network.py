"""The layers that a Setting of the lesson means, and the maps on both sides of the stride."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import torch
from torch import Tensor, nn

from viz.experiments.chain import Through, apply, oriented_maps, reaching
from viz.experiments.strided.setting import ORIENTATIONS, Setting
from viz.experiments.weights import fitting, mixing_matrix
from viz.layers.downsampling import binomial_window
from viz.layers.pointwise import Pointwise, mix_channels, mixing_layer
from viz.layers.recipes import Recipe, identity_rows

STAGES = ("bank", "strided", "again", "third", "window")


def arriving(setting: Setting) -> dict[str, int]:
    """How many channels reach each stage, and how many leave the last one (`out`).

    >>> arriving(Setting(strided_outputs=2))
    {'bank': 3, 'strided': 3, 'again': 2, 'third': 2, 'window': 2, 'out': 2}
    """
    filtered = 3 if setting.bank == "rgb" else ORIENTATIONS
    mixed = setting.strided_outputs or filtered
    return {"bank": 3, "strided": filtered, **dict.fromkeys((*STAGES[2:], "out"), mixed)}


@lru_cache(maxsize=64)  # a step of a slider asks for it at every turn
def resolved(setting: Setting) -> Setting:
    """The nearest Setting that can be built: components that exist, opponents of three colours.

    >>> resolved(Setting(strided_outputs=9)).strided_outputs    # the identity of 3 channels has 3
    3
    """
    return fitting(setting, "strided", arriving(setting)["strided"], otherwise="identity")


def network(setting: Setting, pixels: Tensor, through: Through = apply) -> nn.Sequential:
    """The layers this setting means; stages that are switched off are left out.

    Args:
        setting: any Setting; what cannot be built is `resolved` first.
        pixels: `(3, H, W)`, the picture; only principal components look at it.
        through: takes pixels through the stages before such a layer; whoever remembers what
            stages gave may pass a quicker way to the same maps.

    Returns:
        A Sequential whose children bear the names of `STAGES`, `bank` and `strided` always among
        them.

    >>> list(dict(network(Setting(again=True), torch.zeros(3, 8, 8)).named_children()))
    ['bank', 'strided', 'again']
    """
    setting = resolved(setting)
    chain = nn.Sequential()
    chain.add_module(
        "bank", nn.Identity() if setting.bank == "rgb" else oriented_maps(setting.gabor)
    )
    chain.add_module("strided", _mix(setting, lambda: through(chain, pixels)))
    channels = arriving(setting)["out"]
    for stage in ("again", "third"):
        if getattr(setting, stage):
            chain.add_module(stage, _subsampling(channels, setting.stride))
    if setting.window:
        chain.add_module("window", binomial_window(channels))
    return chain


def at_the_stride(
    setting: Setting, pixels: Tensor, through: Through = apply
) -> tuple[Tensor, Pointwise]:
    """The maps that reach the strided layer, and the layer, on the device of the maps.

    Args:
        setting, pixels, through: as for `network`.

    >>> maps, layer = at_the_stride(Setting(), torch.zeros(3, 9, 8))
    >>> maps.shape, layer.stride
    (torch.Size([3, 9, 8]), (4, 4))
    """
    chain = network(setting, pixels, through)
    maps = reaching("strided", chain, pixels, through)
    return maps, mixing_layer(chain.get_submodule("strided")).to(maps.device)


def around_the_stride(
    setting: Setting, pixels: Tensor, through: Through = apply
) -> tuple[Tensor, Tensor]:
    """The 1×1 at every pixel, and what its stride keeps of it.

    Args:
        setting, pixels, through: as for `network`.

    Returns:
        `(O, H, W)` and `(O, ceil(H / s), ceil(W / s))`.

    >>> [tuple(maps.shape) for maps in around_the_stride(Setting(), torch.zeros(3, 9, 8))]
    [(3, 9, 8), (3, 3, 2)]
    """
    maps, layer = at_the_stride(setting, pixels, through)
    with torch.no_grad():
        return mix_channels(maps, layer.matrix), layer(maps)


def _mix(setting: Setting, arriving_maps: Callable[[], Tensor]) -> Pointwise:
    """The strided 1×1 by its recipe, with the cells that were set by hand."""
    channels = arriving(setting)["strided"]
    matrix, recipe = mixing_matrix(setting, "strided", channels, arriving_maps)
    return Pointwise(matrix, stride=setting.stride, recipe=recipe)


def _subsampling(channels: int, stride: int) -> Pointwise:
    """A strided 1×1 that copies its channels: nothing but the stride."""
    recipe = Recipe(identity_rows, (("outputs", channels), ("channels", channels)))
    return Pointwise(identity_rows(channels, channels), stride=stride, recipe=recipe)
