"""The layers that a Setting of the lesson means."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from viz.layers.channel_shuffle import PermuteChannels, permute_channels
from viz.layers.cross_channel_pooling import Maxout, PoolChannels, WinningChannel
from viz.layers.pointwise import Pointwise
from viz.layers.recipes import Recipe, grey_rows, random_rows
from viz.lessons.chain import Through, apply, oriented_maps
from viz.lessons.cross_channel_pooling.max_affine import (
    HELPERS,
    fitted_pieces,
    fitted_rectified,
)
from viz.lessons.cross_channel_pooling.recipes import (
    drawn_pixels,
    fitted_affine,
    fitted_rows,
    mean_of_maps,
    places_of_groups,
    selecting_rows,
    unit_variance_rows,
)
from viz.lessons.cross_channel_pooling.setting import BANK, CHANNELS, Setting

STAGES = ("bank", "order", "pooling")


class Measured(nn.Module):
    """What a function measures of the maps, as a stage: whoever remembers stages remembers it."""

    def __init__(self, function: Callable[..., Tensor], **arguments: int) -> None:
        super().__init__()
        self.function, self.arguments = function, arguments

    def forward(self, maps: Tensor) -> Tensor:
        """`(C, H, W)` in, whatever the function returns out."""
        return self.function(maps, **self.arguments)

    def recipe(self, *helpers: Callable[..., Any]) -> Recipe:
        """How to measure it again: rows with a bias behind each."""
        arguments = tuple(self.arguments.items())
        return Recipe(self.function, arguments, of_channels=True, affine=True, helpers=helpers)

    def extra_repr(self) -> str:
        return f"{self.function.__name__}, {self.arguments}"


# What measures the maps that reach the pooling: remembered stages, or the maps themselves.
Measuring = Callable[[Measured], Tensor]


def looking_at(maps: Tensor) -> Measuring:
    """Measures these very maps, `(C, H, W)`, with nothing remembered."""
    return lambda stage: stage(maps)


def network(setting: Setting, pixels: Tensor, through: Through = apply) -> nn.Sequential:
    """The layers this setting means; an order that is not shuffled is left out.

    Args:
        setting: any Setting; every one can be built.
        pixels: `(3, H, W)`, the picture; the bank takes off its mean brightness and is scaled by
            its maps of it, and what is fitted is fitted to them.
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


def maxout_layer(setting: Setting, measured: Measuring, seed: int = -1) -> Maxout:
    """Maxout as the Setting has it: fitted to the group max, picking one channel a piece, or random.

    Args:
        setting: its units, pieces and weights count, and the group of what is fitted.
        measured: measures the maps that reach the layer; only asked for where they are fitted to.
        seed: of the shuffle that these went through, −1 for none.
    """
    shape = (setting.units, setting.pieces)
    if setting.maxout_weights == "fitted":
        sizes = {"group": setting.group, "units": setting.units, "pieces": setting.pieces}
        fit = Measured(fitted_pieces, **sizes, seed=seed)
        affine = measured(fit).cpu().unflatten(0, shape)
        return Maxout(affine[..., :-1], affine[..., -1], recipe=fit.recipe(*HELPERS))
    arguments = {"outputs": setting.units * setting.pieces, "channels": CHANNELS}
    function: Callable[..., Tensor] = selecting_rows
    if setting.maxout_weights == "random":
        function, arguments = random_rows, {**arguments, "seed": setting.seed}
    rows = function(**arguments).unflatten(0, shape)
    return Maxout(rows, recipe=Recipe(function, tuple(arguments.items())))


def fitted_layer(group: int, measured: Measuring, seed: int = -1) -> Pointwise:
    """The 1×1 that comes nearest to the group max, see `fitted_affine`; arguments as `maxout_layer`."""
    fit = Measured(fitted_affine, group=group, seed=seed)
    affine = measured(fit).cpu()
    recipe = fit.recipe(drawn_pixels, places_of_groups, fitted_rows)
    return Pointwise(affine[:, :-1], affine[:, -1], recipe=recipe)


def parametric_layer(group: int, measured: Measuring, seed: int = -1) -> nn.Sequential:
    """The 1×1 that does with the ReLU behind it; arguments as `maxout_layer`."""
    fit = Measured(fitted_rectified, group=group, seed=seed)
    affine = measured(fit).cpu()
    mix = Pointwise(affine[:, :-1], affine[:, -1], recipe=fit.recipe(*HELPERS))
    return nn.Sequential(OrderedDict(fitted=mix, relu=nn.ReLU()))


def _bank(pixels: Tensor, through: Through) -> nn.Sequential:
    bank = oriented_maps(BANK)
    brightness = _followed(nn.Sequential(bank.get_submodule("luminance")), Measured(mean_of_maps))
    # around the picture the bank sees zeros: less its mean, the picture has no edge to them
    mean = through(nn.Sequential(brightness), pixels).cpu()
    bank.luminance = Pointwise(grey_rows(1), -mean)
    measured = _followed(bank, Measured(unit_variance_rows))
    # as one stage: whoever remembers stages then keeps fifty weights and not the maps behind them
    rows = through(nn.Sequential(measured), pixels).cpu()
    recipe = Recipe(unit_variance_rows, (), of_channels=True)
    bank.add_module("scale", Pointwise(rows, groups=len(rows), recipe=recipe))
    return bank


def _pooling(setting: Setting, measured: Measuring) -> nn.Module:
    if shows_winner(setting):
        return WinningChannel(setting.group)
    seed = setting.shuffle_seed if setting.shuffled else -1
    if setting.kind == "maxout":
        return maxout_layer(setting, measured, seed)
    if setting.kind == "parametric":
        return parametric_layer(setting.group, measured, seed)
    if setting.kind in ("max", "mean"):
        return PoolChannels(setting.group, "max" if setting.kind == "max" else "mean")
    return nn.Sequential(OrderedDict(fitted=fitted_layer(setting.group, measured, seed)))


def _followed(chain: nn.Sequential, last: nn.Module) -> nn.Sequential:
    """The stages so far and one more, which is no part of the chain itself."""
    return nn.Sequential(OrderedDict([*chain.named_children(), ("measured", last)]))
