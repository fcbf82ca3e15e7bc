"""The longest path, by published counts and by the paths of small networks listed one by one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import nn

from viz.layers.branches import Branches
from viz.networks.alexnet import alexnet_v2
from viz.networks.googlenet import googlenet
from viz.networks.resnet import resnet_50
from viz.networks.vgg import vgg_16
from viz.trace.depth import depth, has_weights

POOLS = nn.MaxPool2d | nn.AvgPool2d
# GoogLeNet: Szegedy et al. 2014, section 5: "22 layers deep when counting only layers with
# parameters (or 27 layers if we also count pooling)"; the others are their names.
PUBLISHED = {alexnet_v2: 8, vgg_16: 16, resnet_50: 50, googlenet: 22}


def on_meta(build: Callable[..., Any], **arguments: Any) -> nn.Module:
    with torch.device("meta"):
        network: nn.Module = build(**arguments)
        return network


@pytest.mark.parametrize("build", PUBLISHED)
def test_published_networks_are_as_deep_as_published(build: Callable[..., nn.Module]):
    network = on_meta(build)
    assert depth(network, (3, 224, 224), has_weights) == PUBLISHED[build]


def test_with_pools_googlenet_has_27_layers():
    def with_pools(layer: nn.Module) -> bool:
        return has_weights(layer) or isinstance(layer, POOLS)

    assert depth(on_meta(googlenet), (3, 224, 224), with_pools) == 27


def test_each_module_of_googlenet_is_one_layer_less_deep_without_reductions():
    assert depth(on_meta(googlenet, reduced=False), (3, 224, 224), has_weights) == 22 - 9


def chain(*sizes: int) -> nn.Sequential:
    return nn.Sequential(*(nn.Conv2d(1, 1, size, padding=size // 2) for size in sizes))


def test_of_branches_in_branches_the_longest_path_counts():
    inner = Branches({"a": chain(1, 1, 1), "b": nn.Sequential(nn.ReLU(), nn.ReLU())})
    outer = Branches({"short": chain(3), "long": nn.Sequential(chain(3), inner, nn.ReLU())})
    assert depth(outer, (1, 8, 8), has_weights) == 1 + 3
    assert depth(outer, (1, 8, 8), lambda layer: isinstance(layer, nn.ReLU)) == 2 + 1


def test_a_layer_that_is_passed_twice_counts_twice():
    class Twice(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer = nn.Conv2d(1, 1, 3)

        def forward(self, x: Any) -> Any:
            return self.layer(self.layer(x)) + x[:, :, 2:-2, 2:-2]

    assert depth(Twice(), (1, 9, 9), has_weights) == 2
