"""What a Setting says of a 1×1 layer: a recipe for its matrix, how many rows, cells set by hand.

Of a layer named `mix` the fields are `mix_recipe`, `mix_outputs` (0: as many as arrive), `mix_seed`
and `mix_edits`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

import torch
from torch import Tensor

from viz.layers import recipes
from viz.layers.recipes import Recipe
from viz.settings import Setting

S = TypeVar("S", bound=Setting)

# Each recipe, and what it is told.
_TOLD: dict[str, tuple[Callable[..., Tensor], tuple[str, ...]]] = {
    "random": (recipes.random_rows, ("outputs", "channels", "seed")),
    "identity": (recipes.identity_rows, ("outputs", "channels")),
    "average": (recipes.average_rows, ("outputs", "channels")),
    "swap": (recipes.swap_rows, ("outputs", "channels")),
    "grey": (recipes.grey_rows, ("outputs",)),
    "sepia": (recipes.sepia_rows, ("outputs",)),
    "opponent": (recipes.opponent_rows, ("outputs",)),
    "principal": (recipes.principal_rows, ("outputs",)),
    "whitening": (recipes.whitening_rows, ("outputs",)),
}
_OF_CHANNELS = ("principal", "whitening")  # they are shown the maps that arrive
_FOR_COLOURS = ("grey", "sepia", "opponent")
_AS_OFTEN_AS_ONE_LIKES = ("random", "average", "grey")  # the others copy, or end with the channels


def fitting(setting: S, layer: str, channels: int, *, otherwise: str) -> S:
    """The nearest Setting whose layer can be built where so many channels arrive.

    Args:
        setting: any Setting with the fields of that layer.
        layer: its name.
        channels: how many arrive.
        otherwise: the recipe in place of one for colours, where other than three arrive.

    >>> from viz.experiments.strided import Setting
    >>> fitted = fitting(
    ...     Setting(strided_recipe="opponent", strided_outputs=9), "strided", 8, otherwise="identity"
    ... )
    >>> fitted.strided_recipe, fitted.strided_outputs
    ('identity', 8)
    """
    recipe, outputs = getattr(setting, f"{layer}_recipe"), getattr(setting, f"{layer}_outputs")
    recipe = otherwise if recipe in _FOR_COLOURS and channels != 3 else recipe
    outputs = min(outputs, _most_outputs(setting, layer, recipe, channels))
    return replace(setting, **{f"{layer}_recipe": recipe, f"{layer}_outputs": outputs})


def allowed(setting: Setting, layer: str, channels: int) -> dict[str, list[Any]]:
    """What the controls of a layer that `fitting` has seen may be: the most rows, and the recipes.

    >>> from viz.experiments.strided import Setting
    >>> allowed(Setting(), "strided", 8)
    {'strided_outputs': [8], 'strided_recipe': ['identity', 'principal', 'random']}
    """
    options = setting.controls()[f"{layer}_recipe"].options
    recipe = getattr(setting, f"{layer}_recipe")
    return {
        f"{layer}_outputs": [_most_outputs(setting, layer, recipe, channels)],
        f"{layer}_recipe": [r for r, _ in options if r not in _FOR_COLOURS or channels == 3],
    }


def mixing_matrix(
    setting: Setting, layer: str, channels: int, arriving_maps: Callable[[], Tensor]
) -> tuple[Tensor, Recipe]:
    """The matrix of a layer that `fitting` has seen, and the record of how it was made.

    Args:
        setting: any Setting with the fields of that layer.
        layer: its name.
        channels: how many arrive.
        arriving_maps: the maps that reach the layer; only asked for where the recipe looks at them.

    Returns:
        `(outputs, channels)` float32 on the CPU.

    >>> from viz.experiments.strided import Setting
    >>> setting = Setting(strided_edits=((0, 1, 500),))
    >>> mixing_matrix(setting, "strided", 2, arriving_maps=torch.Tensor)[0]
    tensor([[1.0000, 0.5000],
            [0.0000, 1.0000]])
    """
    name, outputs, seed, edits = (
        getattr(setting, f"{layer}_{part}") for part in ("recipe", "outputs", "seed", "edits")
    )
    known = {"outputs": outputs or channels, "channels": channels, "seed": seed}
    function, told = _TOLD[name]
    arguments = {each: known[each] for each in told}
    recipe = Recipe(function, tuple(arguments.items()), edits, of_channels=name in _OF_CHANNELS)
    with torch.no_grad():
        maps = (arriving_maps(),) if recipe.of_channels else ()
        return recipes.edited(function(*maps, **arguments), edits), recipe


def _most_outputs(setting: Setting, layer: str, recipe: str, channels: int) -> int:
    """How many rows a recipe has, within what the slider allows."""
    most = int(setting.controls()[f"{layer}_outputs"].high)
    return most if recipe in _AS_OFTEN_AS_ONE_LIKES else min(most, channels)
