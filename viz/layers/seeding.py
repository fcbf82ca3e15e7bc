"""Layers of torch whose random weights a recipe gives again, so that a program need not print them."""

from __future__ import annotations

from typing import TypeVar

import torch
from torch import nn

from viz.layers.recipes import Recipe, he_rows

T = TypeVar("T", bound=nn.Module)
APART = 1000  # seeds from one network to the next: more than a network has layers


def recipe_of(layer: nn.Module) -> Recipe | None:
    """The recipe of a layer's weights, if it has one."""
    found = vars(layer).get("recipe")
    return found if isinstance(found, Recipe) else None


def with_recipe(layer: T, recipe: Recipe | None) -> T:
    """The layer, which from now on keeps the recipe of its weights.

    Args:
        layer: a convolution or a linear layer of torch.
        recipe: gives its weights, one row for each output; None for a layer without one.
    """
    vars(layer)["recipe"] = recipe
    return layer


def seeded(network: T, seed: int) -> T:
    """Gives every convolution and every linear layer of torch random weights that it can give again.

    The n-th of them gets the weights of `he_rows` with the seed 1000 · seed + n, as floats on the
    CPU; its bias, if it has one, becomes 0. A layer that is used twice is one layer. Layers of ours,
    whose weights are given, stay as they are.

    Args:
        network: a module on any device, best on `meta`, where torch draws no weights.
        seed: the same for the same weights.

    Returns:
        The same module.

    >>> with torch.device("meta"):
    ...     layer = nn.Conv2d(8, 2, 3)
    >>> seeded(layer, seed=7).weight.shape, recipe_of(layer).arguments
    (torch.Size([2, 8, 3, 3]), (('outputs', 2), ('inputs', 72), ('seed', 7000)))
    """
    layers = [each for each in network.modules() if type(each) in (nn.Conv2d, nn.Linear)]
    for seed_of_layer, layer in enumerate(layers, APART * seed):
        assert isinstance(layer, nn.Conv2d | nn.Linear)
        _fill(layer, seed_of_layer)
    return network


def _fill(layer: nn.Conv2d | nn.Linear, seed: int) -> None:
    shape = layer.weight.shape
    rows = he_rows(shape[0], shape[1:].numel(), seed)
    layer.weight = nn.Parameter(rows.view(shape), requires_grad=False)
    if layer.bias is not None:
        layer.bias = nn.Parameter(torch.zeros(shape[0]), requires_grad=False)
    arguments = (("outputs", shape[0]), ("inputs", rows.shape[1]), ("seed", seed))
    with_recipe(layer, Recipe(he_rows, arguments))
