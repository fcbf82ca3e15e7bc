"""The layers that a Setting of the lesson means."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

import torch
from torch import Tensor, nn

from viz.experiments.chain import Through, apply, oriented_maps
from viz.experiments.cross_channel_pooling.recipes import (
    fitted_affine,
    fitted_rows,
    selecting_rows,
    unit_variance_rows,
)
from viz.experiments.cross_channel_pooling.setting import BANK, CHANNELS, Setting
from viz.layers.channel_shuffle import PermuteChannels, permute_channels
from viz.layers.cross_channel_pooling import Maxout, PoolChannels, WinningChannel
from viz.layers.pointwise import Pointwise
from viz.layers.recipes import Recipe, random_rows

STAGES = ("bank", "order", "pooling")


class Measured(nn.Module):
    """What a function measures of the maps, as a stage: whoever remembers stages remembers it."""

    def __init__(self, function: Callable[..., Tensor], **arguments: int) -> None:
        super().__init__()
        self.function, self.arguments = function, arguments

    def forward(self, maps: Tensor) -> Tensor:
        """`(C, H, W)` in, whatever the function returns out."""
        return self.function(maps, **self.arguments)

    def extra_repr(self) -> str:
        return f"{self.function.__name__}, {self.arguments}"


def network(setting: Setting, pixels: Tensor, through: Through = apply) -> nn.Sequential:
    """The layers this setting means; an order that is not shuffled is left out.

    Args:
        setting: any Setting; every one can be built.
        pixels: `(3, H, W)`, the picture; the bank is scaled by its maps of it, and a fitted 1×1 is
            fitted to them.
        through: takes pixels through stages; whoever remembers what stages gave may pass a quicker
            way to the same numbers.

    Returns:
        A Sequential whose children bear the names of `STAGES`, `bank` and `pooling` always there.

    >>> list(dict(network(Setting(), torch.zeros(3, 8, 8)).named_children()))
    ['bank', 'pooling']
    """
    chain = nn.Sequential()
    with torch.no_grad():
        chain.add_module("bank", _bank(pixels, through))
        if setting.shuffled:
            chain.add_module("order", PermuteChannels(shuffle_order(setting.shuffle_seed)))
        chain.add_module(
            "pooling", _pooling(setting, lambda fit: through(_followed(chain, fit), pixels))
        )
    return chain


def resolved(setting: Setting) -> Setting:
    """The nearest Setting that can be built: each as it is.

    >>> resolved(Setting(group=25)) == Setting(group=25)
    True
    """
    return setting


def outputs(setting: Setting) -> int:
    """How many maps leave the pooling.

    >>> outputs(Setting()), outputs(Setting(kind="maxout", units=64))
    (5, 64)
    """
    return setting.units if setting.kind == "maxout" else CHANNELS // setting.group


def shows_winner(setting: Setting) -> bool:
    """Whether the maps are the winners' numbers: only a max has a winner."""
    return setting.winner and setting.kind == "max"


def shuffle_order(seed: int) -> tuple[int, ...]:
    """Which channel of the bank stands at each place after the shuffle of that seed."""
    generator = torch.Generator().manual_seed(seed)
    return tuple(torch.randperm(CHANNELS, generator=generator).tolist())


def arriving(setting: Setting, maps: Tensor) -> Tensor:
    """The maps of the bank `(50, H, W)` as they reach the pooling."""
    if not setting.shuffled:
        return maps
    return permute_channels(maps, shuffle_order(setting.shuffle_seed))


def maxout_layer(setting: Setting) -> Maxout:
    """Maxout as the Setting has it: pieces that pick one channel each, or random ones; no bias."""
    arguments = {"outputs": setting.units * setting.pieces, "channels": CHANNELS}
    function: Callable[..., Tensor] = selecting_rows
    if setting.maxout_weights == "random":
        function, arguments = random_rows, {**arguments, "seed": setting.seed}
    rows = function(**arguments).unflatten(0, (setting.units, setting.pieces))
    return Maxout(rows, recipe=Recipe(function, tuple(arguments.items())))


def _bank(pixels: Tensor, through: Through) -> nn.Sequential:
    bank = oriented_maps(BANK)
    measured = _followed(bank, Measured(unit_variance_rows))
    # as one stage: whoever remembers stages then keeps fifty weights and not the maps behind them
    rows = through(nn.Sequential(measured), pixels).cpu()
    recipe = Recipe(unit_variance_rows, (), of_channels=True)
    bank.add_module("scale", Pointwise(rows, groups=len(rows), recipe=recipe))
    return bank


def _pooling(setting: Setting, measured: Callable[[Measured], Tensor]) -> nn.Module:
    if shows_winner(setting):
        return WinningChannel(setting.group)
    if setting.kind == "maxout":
        return maxout_layer(setting)
    if setting.kind in ("max", "mean"):
        return PoolChannels(setting.group, "max" if setting.kind == "max" else "mean")
    seed = setting.shuffle_seed if setting.shuffled else -1
    affine = measured(Measured(fitted_affine, group=setting.group, seed=seed)).cpu()
    recipe = Recipe(fitted_rows, (("group", setting.group), ("seed", seed)), of_channels=True)
    fitted = Pointwise(affine[:, :-1], affine[:, -1], recipe=recipe)
    layer = nn.Sequential(OrderedDict(fitted=fitted))
    if setting.kind == "parametric":
        layer.add_module("relu", nn.ReLU())
    return layer


def _followed(chain: nn.Sequential, last: nn.Module) -> nn.Sequential:
    """The stages so far and one more, which is no part of the chain itself."""
    return nn.Sequential(OrderedDict([*chain.named_children(), ("measured", last)]))
