"""The layers that imitate the group max: maxout, a 1×1, and a 1×1 with a ReLU after it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

from torch import Tensor, nn

from viz.layers.cross_channel_pooling import Maxout
from viz.layers.pointwise import Pointwise
from viz.layers.recipes import Recipe, random_rows
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
from viz.lessons.cross_channel_pooling.setting import CHANNELS, Setting


class Measured(nn.Module):
    """What a function measures of the maps, as a stage: where stages are cached, so is this."""

    def __init__(self, function: Callable[..., Tensor], **arguments: int) -> None:
        super().__init__()
        self.function, self.arguments = function, arguments

    def forward(self, maps: Tensor) -> Tensor:
        """`(C, H, W)` in, whatever the function returns out."""
        return self.function(maps, **self.arguments)

    def recipe(self, *helpers: Callable[..., object]) -> Recipe:
        """How to measure it again: rows with a bias after each."""
        arguments = tuple(self.arguments.items())
        return Recipe(self.function, arguments, of_channels=True, affine=True, helpers=helpers)

    def extra_repr(self) -> str:
        return f"{self.function.__name__}, {self.arguments}"


# What measures the maps that reach the layer: `Inflow.measured`, or `looking_at` the maps.
Measuring = Callable[[Measured], Tensor]


def looking_at(maps: Tensor) -> Measuring:
    """Measures these very maps, `(C, H, W)`, with nothing cached."""
    return lambda stage: stage(maps)


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
    """The 1×1 that comes nearest to the group max, see `fitted_affine`; arguments as `maxout_layer`."""
    fit = Measured(fitted_affine, group=group, seed=seed)
    affine = measured(fit).cpu()
    recipe = fit.recipe(drawn_pixels, places_of_groups, fitted_rows)
    return Pointwise(affine[:, :-1], affine[:, -1], recipe=recipe)


def parametric_layer(group: int, measured: Measuring, seed: int = -1) -> nn.Sequential:
    """The 1×1 that does with the ReLU after it; arguments as `maxout_layer`."""
    fit = Measured(fitted_rectified, group=group, seed=seed)
    affine = measured(fit).cpu()
    mix = Pointwise(affine[:, :-1], affine[:, -1], recipe=fit.recipe(*HELPERS))
    return nn.Sequential(OrderedDict(fitted=mix, relu=nn.ReLU()))
