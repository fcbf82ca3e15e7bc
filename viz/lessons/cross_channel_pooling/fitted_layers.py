"""The layers that imitate the group max: maxout, a 1×1, and a 1×1 with a ReLU after it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

from torch import Tensor, nn

from viz.layers.cross_channel_pooling import Maxout
from viz.layers.pointwise import Pointwise
from viz.layers.recipes import Recipe, random_rows
from viz.lessons.bank_of_50 import CHANNELS
from viz.lessons.cross_channel_pooling.max_affine import (
    HELPERS,
    fitted_pieces,
    fitted_rectified,
    pieces_in_turn,
)
from viz.lessons.cross_channel_pooling.recipes import (
    drawn_pixels,
    fitted_affine,
    fitted_rows,
    places_of_groups,
    selecting_rows,
)
from viz.lessons.cross_channel_pooling.setting import Setting
from viz.lessons.measured import Measured, Measuring


def maxout_layer(setting: Setting, measured: Measuring, seed: int = -1) -> Maxout:
    """The maxout of a Setting: fitted to the group max, picking one channel a piece, or random.

    Args:
        setting: its units, pieces and weights are used, and its group for a fit.
        measured: applies a function to the maps that reach the layer; only used for a fit.
        seed: the seed of their shuffle, −1 for none.
    """
    shape = (setting.units, setting.pieces)
    if setting.maxout_weights == "fitted":
        sizes = {"group": setting.group, "units": setting.units, "pieces": setting.pieces}
        fit = Measured(fitted_pieces, **sizes, seed=seed)
        affine = measured(fit).cpu().unflatten(0, shape)
        return Maxout(
            affine[..., :-1], affine[..., -1], recipe=fit.recipe(*HELPERS, pieces_in_turn)
        )
    arguments = {"outputs": setting.units * setting.pieces, "channels": CHANNELS}
    function: Callable[..., Tensor] = selecting_rows
    if setting.maxout_weights == "random":
        function, arguments = random_rows, {**arguments, "seed": setting.seed}
    rows = function(**arguments).unflatten(0, shape)
    return Maxout(rows, recipe=Recipe(function, tuple(arguments.items())))


def fitted_layer(group: int, measured: Measuring, seed: int = -1) -> Pointwise:
    """The 1×1 closest to the group max, see `fitted_affine`; arguments as for `maxout_layer`."""
    fit = Measured(fitted_affine, group=group, seed=seed)
    affine = measured(fit).cpu()
    recipe = fit.recipe(drawn_pixels, places_of_groups, fitted_rows)
    return Pointwise(affine[:, :-1], affine[:, -1], recipe=recipe)


def parametric_layer(group: int, measured: Measuring, seed: int = -1) -> nn.Sequential:
    """The same for a 1×1 with a ReLU after it; arguments as for `maxout_layer`."""
    fit = Measured(fitted_rectified, group=group, seed=seed)
    affine = measured(fit).cpu()
    mix = Pointwise(affine[:, :-1], affine[:, -1], recipe=fit.recipe(*HELPERS))
    return nn.Sequential(OrderedDict(fitted=mix, relu=nn.ReLU()))
