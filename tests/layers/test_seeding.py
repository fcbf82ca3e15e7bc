"""Random weights that are the same for the same seed, and the recipe that gives them."""

from __future__ import annotations

import torch
from torch import nn

from viz.layers.pointwise import Pointwise
from viz.layers.seeding import recipe_of, seeded, with_recipe
from viz.networks.googlenet import MODULES, inception


def module() -> nn.Module:
    with torch.device("meta"):
        return inception(MODULES[0])


def test_every_layer_has_numbers_that_its_recipe_gives_again():
    layers = [each for each in seeded(module(), 2).modules() if isinstance(each, nn.Conv2d)]
    assert len(layers) == 6
    for number, layer in enumerate(layers):
        recipe = recipe_of(layer)
        assert recipe is not None
        assert dict(recipe.arguments)["seed"] == 2000 + number
        rows = recipe.function(**dict(recipe.arguments))
        assert torch.equal(layer.weight, rows.view(layer.weight.shape))
        assert not layer.weight.requires_grad
        assert layer.bias is not None
        assert not layer.bias.any()


def test_equal_seeds_give_equal_numbers_and_others_do_not():
    one, same, other = (seeded(module(), seed).state_dict() for seed in (1, 1, 2))
    assert all(torch.equal(one[name], same[name]) for name in one)
    assert not any(torch.equal(one[name], other[name]) for name in one if name.endswith("weight"))


def test_layers_of_ours_stay_as_they_are():
    given = Pointwise(torch.eye(3))
    seeded(nn.Sequential(given, nn.Linear(3, 2)), 0)
    assert torch.equal(given.matrix, torch.eye(3))
    assert recipe_of(given) is None


def test_a_layer_without_a_recipe_says_so():
    assert recipe_of(nn.Linear(2, 2)) is None
    assert recipe_of(with_recipe(nn.Linear(2, 2), None)) is None
