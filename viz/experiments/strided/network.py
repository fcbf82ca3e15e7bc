"""The layers that a Setting of the lesson means, and the maps on both sides of the stride."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import torch
from torch import Tensor, nn

from viz.experiments.strided.setting import MOST_OUTPUTS, ORIENTATIONS, Setting
from viz.layers import recipes
from viz.layers.downsampling import binomial_window
from viz.layers.gabor import GaborBank
from viz.layers.pointwise import Pointwise, mix_channels, mixing_layer
from viz.layers.recipes import Recipe

STAGES = ("bank", "strided", "again", "third", "window")
Through = Callable[[nn.Sequential, Tensor], Tensor]


def apply(chain: nn.Sequential, pixels: Tensor) -> Tensor:
    """The maps that a chain of stages makes of the pixels."""
    return chain(pixels)


def arriving(setting: Setting) -> dict[str, int]:
    """How many channels reach each stage, and how many leave the last one (`out`).

    >>> arriving(Setting(strided_outputs=2))
    {'bank': 3, 'strided': 3, 'again': 2, 'third': 2, 'window': 2, 'out': 2}
    """
    filtered = 3 if setting.bank == "rgb" else ORIENTATIONS
    mixed = setting.strided_outputs or filtered
    return {"bank": 3, "strided": filtered, **dict.fromkeys((*STAGES[2:], "out"), mixed)}


def resolved(setting: Setting) -> Setting:
    """The nearest Setting that can be built: components that exist, opponents of three colours.

    >>> resolved(Setting(strided_outputs=9)).strided_outputs    # the identity of 3 channels has 3
    3
    """
    channels = arriving(setting)["strided"]
    recipe = setting.strided_recipe
    recipe = "identity" if recipe == "opponent" and channels != 3 else recipe
    outputs = min(setting.strided_outputs, most_outputs(recipe, channels))
    return replace(setting, strided_recipe=recipe, strided_outputs=outputs)


def most_outputs(recipe: str, channels: int) -> int:
    """Only random weights make more maps than arrive."""
    return MOST_OUTPUTS if recipe == "random" else channels


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
    chain.add_module("bank", _bank(setting))
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
    with torch.no_grad():
        maps = through(nn.Sequential(chain.get_submodule("bank")), pixels)
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


def _bank(setting: Setting) -> nn.Module:
    if setting.bank == "rgb":
        return nn.Identity()
    bank = nn.Sequential()
    bank.add_module("luminance", Pointwise(recipes.grey_rows(1)))
    bank.add_module("gabor", GaborBank(setting.gabor))
    return bank


def _mix(setting: Setting, arriving_maps: Callable[[], Tensor]) -> Pointwise:
    """The strided 1×1 by its recipe, with the cells that were set by hand."""
    channels, outputs = arriving(setting)["strided"], arriving(setting)["out"]
    square = {"outputs": outputs, "channels": channels}
    functions: dict[str, tuple[Callable[..., Tensor], dict[str, int]]] = {
        "identity": (recipes.identity_rows, square),
        "principal": (recipes.principal_rows, {"outputs": outputs}),
        "opponent": (recipes.opponent_rows, {"outputs": outputs}),
        "random": (recipes.random_rows, {**square, "seed": setting.strided_seed}),
    }
    function, arguments = functions[setting.strided_recipe]
    recipe = Recipe(
        function,
        tuple(arguments.items()),
        setting.strided_edits,
        of_channels=setting.strided_recipe == "principal",
    )
    with torch.no_grad():
        maps = (arriving_maps(),) if recipe.of_channels else ()
        weight = recipes.edited(function(*maps, **arguments), recipe.edits)
    return Pointwise(weight, stride=setting.stride, recipe=recipe)


def _subsampling(channels: int, stride: int) -> Pointwise:
    """A strided 1×1 that copies its channels: nothing but the stride."""
    recipe = Recipe(recipes.identity_rows, (("outputs", channels), ("channels", channels)))
    matrix = recipes.identity_rows(channels, channels)
    return Pointwise(matrix, stride=stride, recipe=recipe)
