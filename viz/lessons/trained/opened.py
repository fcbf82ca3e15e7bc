"""One layer of a trained network as a chain, and what leads to it as a part of the network."""

from __future__ import annotations

from collections import OrderedDict
from functools import lru_cache

import torch
from torch import nn

from viz.layers.activation import ELEMENTWISE
from viz.layers.batch_norm import NormOfOne
from viz.layers.borrowed import borrowed
from viz.layers.fully_connected import as_conv
from viz.layers.part import NO_LINES, Lines, Part
from viz.layers.pointwise import Pointwise
from viz.layers.recipes import Recipe
from viz.layers.seeding import with_recipe
from viz.lessons.trained.networks import Trained
from viz.lessons.trained.pieces import LEADING, Piece
from viz.trace import Step

# Layers that take one picture without a batch as they are.
OF_ONE = (
    *(nn.Conv2d, nn.MaxPool2d, nn.AvgPool2d, nn.AdaptiveAvgPool2d, nn.AdaptiveMaxPool2d),
    *(nn.Identity, nn.Dropout, nn.Dropout2d),
    *(kind for kind in LEADING if kind is not nn.Flatten),
    *ELEMENTWISE,
)


@lru_cache(maxsize=256)
@torch.inference_mode(False)
def before(trained: Trained, piece: Piece) -> Part:
    """What leads from the picture to a layer; it is lent, see `borrowed`."""
    key = f"{trained.name}, {trained.digest}, into {piece.steps[0].name}"
    last = trained.nodes[piece.source]
    return Part(trained.network, last, key=key, lines=_lines(trained, piece))


@lru_cache(maxsize=256)
@torch.inference_mode(False)
def opened(trained: Trained, piece: Piece) -> nn.Sequential:
    """The layer, its padding, its normalisation and its ReLU, for one picture without a batch.

    A 1×1 convolution is a `Pointwise`; so is a linear layer that reads single pixels.
    """
    if not all(_is_known(step, piece) for step in piece.steps):
        first, last = trained.nodes[piece.source], trained.nodes[piece.steps[-1]]
        key = f"{trained.name}, {trained.digest}, {piece.steps[-1].name} of {piece.source.name}"
        return nn.Sequential(OrderedDict(part=Part(trained.network, last, first=first, key=key)))
    layers: OrderedDict[str, nn.Module] = OrderedDict()
    for step in piece.steps:
        if not (isinstance(piece.main.layer, nn.Linear) and _is_flat(step)):
            layers[_called(step, layers)] = _of_one(trained, step)
    return nn.Sequential(layers)


def _is_flat(step: Step) -> bool:
    """Whether it only prepares a vector for the linear layer that reads it."""
    return isinstance(step.layer, nn.Flatten | nn.Dropout | nn.Identity)


def _is_known(step: Step, piece: Piece) -> bool:
    if isinstance(piece.main.layer, nn.Linear) and (step is piece.main or _is_flat(step)):
        return True
    return isinstance(step.layer, (*OF_ONE, nn.BatchNorm2d))


def _called(step: Step, taken: OrderedDict[str, nn.Module]) -> str:
    """The last part of its name; with a number if another layer has it."""
    name = step.name.rpartition(".")[2]
    return name if name not in taken else f"{name}_{len(taken)}"


def _of_one(trained: Trained, step: Step) -> nn.Module:
    layer = step.layer
    if isinstance(layer, nn.Linear):
        layer = as_conv(layer, (layer.in_features, 1, 1))
    if isinstance(layer, nn.Conv2d):
        recipe = _rows(trained, step, affine=layer.bias is not None)
        return _as_pointwise(layer, recipe) or with_recipe(borrowed(layer), recipe)
    if isinstance(layer, nn.BatchNorm2d):
        return with_recipe(NormOfOne(layer), _scales(trained, step))
    return layer


def _as_pointwise(layer: nn.Conv2d, recipe: Recipe | None) -> Pointwise | None:
    """The same as the layer that mixes channels; None if it does something else."""
    padded = layer.padding not in ("valid", "same", (0, 0))
    if layer.kernel_size != (1, 1) or padded or len(set(layer.stride)) > 1:
        return None
    rows, bias = layer.weight[:, :, 0, 0], layer.bias
    return Pointwise(rows, bias, stride=layer.stride[0], groups=layer.groups, recipe=recipe)


# ── In a program ────────────────────────────────────────────────────────────────────────────────


def _lines(trained: Trained, piece: Piece) -> Lines:
    program, name = trained.entry.program, piece.steps[0].name
    return program.into(name) if program and _is_module(trained, name) else NO_LINES


def _rows(trained: Trained, step: Step, *, affine: bool) -> Recipe | None:
    program = trained.entry.program
    if program is None or not _is_module(trained, step.name):
        return None
    found = program.rows(step.name)
    return Recipe(found.function, found.arguments, affine=affine, helpers=found.helpers)


def _scales(trained: Trained, step: Step) -> Recipe | None:
    program = trained.entry.program
    return program.scales(step.name) if program and _is_module(trained, step.name) else None


def _is_module(trained: Trained, name: str) -> bool:
    return name in dict(trained.network.named_modules())
