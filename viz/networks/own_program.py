"""The visitor's own network in a program: it is imported there as the app imports it.

The functions are pasted into the program, so they need nothing else.
"""

from __future__ import annotations

from importlib import import_module

import torch
from torch import Tensor, nn

from viz.layers.part import Lines
from viz.layers.recipes import Recipe
from viz.networks.network import Program
from viz.text import text


def own_network(specification: str) -> nn.Module:
    """The network that `module:function` makes, in evaluation mode."""
    module, function = specification.split(":")
    network: nn.Module = getattr(import_module(module), function)()
    return network.eval().requires_grad_(False)


def own_maps(maps: Tensor, network: str, layer: str) -> Tensor:
    """The maps that reach a layer; what comes after it may not fit a picture of this size."""
    seen: list[Tensor] = []
    built = own_network(network)
    built.get_submodule(layer).register_forward_pre_hook(lambda _, given: seen.append(given[0]))
    try:
        built(maps[None])
    except RuntimeError:
        assert seen
    return seen[0][0]


def own_rows(network: str, name: str) -> Tensor:
    """The weights of a layer, a row for each output; its bias last, if it has one."""
    numbers = own_network(network).get_submodule(name).state_dict()
    rows, bias = numbers["weight"].flatten(1), numbers.get("bias")
    return rows if bias is None else torch.cat([rows, bias[:, None]], dim=1)


def own_scales(network: str, name: str) -> Tensor:
    """Scale and shift of each channel: what a trained normalisation does."""
    layer = own_network(network).get_submodule(name)
    numbers = layer.state_dict()
    scale = numbers.get("weight", torch.ones(())) * (numbers["running_var"] + layer.eps).rsqrt()
    shift = numbers.get("bias", torch.zeros(())) - numbers["running_mean"] * scale
    return torch.stack([scale, shift], dim=1)


def own_program(specification: str) -> Program:
    """How a program gets the maps and weights of the network that `module:function` makes."""
    said = ("network", specification)

    def into(layer: str) -> Lines:
        code = f'maps = own_maps(maps, "{specification}", "{layer}")'
        return Lines(
            text("“{name}” up to what reaches “{layer}”", name=specification, layer=layer),
            code,
            (own_network, own_maps),
        )

    def rows(name: str) -> Recipe:
        return Recipe(own_rows, (said, ("name", name)), helpers=(own_network,))

    def scales(name: str) -> Recipe:
        return Recipe(own_scales, (said, ("name", name)), helpers=(own_network,))

    return Program(into, rows, scales)
