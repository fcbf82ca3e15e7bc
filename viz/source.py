"""A network as the text of a program: short, complete, ready to paste, and nothing of ours in it.

What reads the picture and what makes the filters is the very text of the functions that the app
runs; each kind of layer adds its own lines in `_step`.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterable, Iterator
from functools import singledispatch
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from viz.images import Picture, at_working_size, resized, rgb_array
from viz.images.shipped import PHOTOGRAPHS
from viz.layers.activation import Square
from viz.layers.channel_shuffle import ShuffleChannels
from viz.layers.cross_channel_pooling import PoolChannels
from viz.layers.gabor import SPECTRAL_FROM_PX, GaborBank, gabor_bank
from viz.layers.pointwise import Pointwise
from viz.layers.recipes import Recipe
from viz.trace import layer_rows

MOST_PRINTED = 64  # numbers of a matrix; a larger one is made again by its recipe
LINE = 100

# What a program may import, in the order of its lines: the names it uses, and the line for them.
_IMPORTS = {
    "math": "import math\n",
    "np": "import numpy as np",
    "torch": "import torch",
    "F": "import torch.nn.functional as F",
    "Image": "from PIL import Image, ImageOps",
}


class Step(NamedTuple):
    """One step of a program: what it does in words, its lines, and the functions they call."""

    words: str
    code: str
    functions: tuple[Callable[..., Any], ...] = ()


def program(
    network: nn.Sequential, picture: Picture, working_size_px: int, *, stage: str = ""
) -> str:
    """The program that computes one stage's maps from the picture's file.

    It leaves them in `maps`, a tensor `(C, H, W)`, and prints their shape and range. It imports
    torch, numpy, Pillow and nothing else, and opens the picture by its file's name; a picture made
    by code is drawn. Its numbers are the app's up to the rounding of sums, which the app adds in
    another order: 16·eps of the largest Σ|w·x| of the stage, eps = 1.2e-7. Where two principal
    components of a matrix above `MOST_PRINTED` numbers explain equally much, as on a picture that
    is its own mirror image, rounding decides how they lie between them.

    Args:
        network: a chain of named stages.
        picture: any picture, at any size; it may be called anything.
        working_size_px: the longer side of what the layers see.
        stage: a child of the network, or "picture"; empty for the last one.

    Raises:
        ValueError: if there is no such stage, no line for a kind of layer, or a matrix above
            `MOST_PRINTED` numbers without a recipe.

    >>> leaf = Picture("leaf.png", torch.rand(3, 40, 80), digest="5f" * 32)
    >>> text = program(nn.Sequential(Pointwise(torch.eye(3)), nn.ReLU()), leaf, 64)
    >>> print("\\n".join(text.splitlines()[-8:]))
    # 0: a 1×1 convolution, (3, 32, 64)
    weight = torch.tensor([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    maps = F.conv2d(maps, weight[:, :, None, None])
    <BLANKLINE>
    # 1: what is negative becomes 0, (3, 32, 64)
    maps = maps.relu()
    <BLANKLINE>
    print(f"maps {tuple(maps.shape)} from {maps.min():.4g} to {maps.max():.4g}")
    """
    stages = ["picture", *dict(network.named_children())]
    stage = stage or stages[-1]
    if stage not in stages:
        raise ValueError(f"there is no stage {stage!r}, only {', '.join(stages)}")
    chain = network[: stages.index(stage)]
    shape = tuple(at_working_size(picture, working_size_px).pixels.shape)
    steps = [_reading(picture, working_size_px, shape), *_steps(chain, shape)]
    return _assembled(stage, steps)


def _steps(chain: nn.Sequential, shape: tuple[int, ...]) -> Iterator[Step]:
    """A step for every layer, in the order of the data; its words begin with the layer's name."""
    shapes = {row.name: row.output_shape for row in layer_rows(chain, shape)} if len(chain) else {}
    for name, layer in chain.named_modules(remove_duplicate=False):
        if not isinstance(layer, nn.Sequential):
            step = _step(layer)
            yield step._replace(words=f"{name}: {step.words}, {shapes[name]}")


def _assembled(stage: str, steps: list[Step]) -> str:
    functions = dict.fromkeys(function for step in steps for function in step.functions)
    body = [f"# {step.words}\n{step.code}".rstrip() for step in steps]
    body.append('print(f"maps {tuple(maps.shape)} from {maps.min():.4g} to {maps.max():.4g}")\n')
    pasted = "".join(f"{_pasted(function)}\n\n\n" for function in functions)
    code = pasted + "\n\n".join(body)
    head = f"# The feature maps of the stage “{stage}”. Shapes are (channels, height, width)."
    used = {node.id for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Name)}
    imports = "\n".join(line for name, line in _IMPORTS.items() if name in used)
    return f"{head}\n\n{imports}\n\n{chr(10) if pasted else ''}{code}"


def _reading(picture: Picture, working_size_px: int, shape: tuple[int, ...]) -> Step:
    if picture.draw:
        draw = inspect.unwrap(picture.draw)
        return Step(f"the picture, {shape}", f"maps = {draw.__name__}({working_size_px})", (draw,))
    file = PHOTOGRAPHS[picture.slug][0] if picture.slug in PHOTOGRAPHS else picture.name
    code = f"""\
path = {_quoted(file)}
with Image.open(path) as image:
    pixels = torch.from_numpy(rgb_array(image)).permute(2, 0, 1)
maps = resized(pixels, {working_size_px})"""
    return Step(f"the picture, its file beside this one, {shape}", code, (rgb_array, resized))


# ── Each kind of layer ──────────────────────────────────────────────────────────────────────────


@singledispatch
def _step(layer: nn.Module) -> Step:
    raise ValueError(f"no line of a program is known for {type(layer).__name__}")


@_step.register
def _(layer: nn.Identity) -> Step:
    return Step("passed on unchanged", "")


@_step.register
def _(layer: nn.ReLU) -> Step:
    return Step("what is negative becomes 0", "maps = maps.relu()")


@_step.register
def _(layer: Square) -> Step:
    return Step("every value squared", "maps = maps.square()")


@_step.register
def _(layer: ShuffleChannels) -> Step:
    order = f"maps.unflatten(0, ({layer.groups}, -1)).transpose(0, 1).flatten(0, 1)"
    return Step("what is pooled next made consecutive", f"maps = {order}")


@_step.register
def _(layer: PoolChannels) -> Step:
    words, method = {"max": ("the largest", "amax"), "mean": ("the mean", "mean")}[layer.mode]
    code = f"maps = maps.unflatten(0, (-1, {layer.group})).{method}(1)"
    return Step(f"{words} of every {layer.group} consecutive channels", code)


@_step.register
def _(layer: GaborBank) -> Step:
    orientations, *others = layer.gabor._asdict().items()
    arguments = [str(orientations[1]), *(f"{name}={value}" for name, value in others)]
    side = layer.kernel_size[0]
    code = _wrapped("kernels = gabor_bank(", arguments, ")")
    code += f"\nmaps = F.conv2d(maps, kernels[:, None], padding={side // 2})"
    words = f"{layer.out_channels} filters of {side}×{side}"
    if side >= SPECTRAL_FROM_PX:
        words += " (the app multiplies spectra instead)"
    return Step(words, code, (gabor_bank,))


@_step.register
def _(layer: Pointwise) -> Step:
    weight = _matrix(layer)
    arguments = ["maps", "weight[:, :, None, None]"]
    code = weight.code
    if layer.bias is not None:
        code += "\n" + _wrapped("bias = torch.tensor([", _numbers(layer.bias), "])")
        arguments.append("bias")
    stride = layer.stride[0]
    if stride > 1:
        arguments.append(f"stride={stride}")
    words = "a 1×1 convolution" + f" that reads every {stride}th pixel" * (stride > 1)
    code += f"\nmaps = F.conv2d({', '.join(arguments)})"
    return Step(words, code, weight.functions)


# ── Numbers and text ────────────────────────────────────────────────────────────────────────────


def _matrix(layer: Pointwise) -> Step:
    """The lines that make `weight`: its numbers if they are few, else its recipe."""
    if layer.matrix.numel() <= MOST_PRINTED:
        rows = [_numbers(row) for row in layer.matrix]
        line = f"weight = torch.tensor([{', '.join(f'[{", ".join(row)}]' for row in rows)}])"
        if len(line) > LINE:
            lines = "".join(f"{_wrapped('[', row, ']', indent=8)},\n" for row in rows)
            line = f"weight = torch.tensor(\n    [\n{lines}    ]\n)"
        return Step("", line)
    if layer.recipe is None:
        raise ValueError(f"a matrix of {tuple(layer.matrix.shape)} needs a recipe to be written")
    return _recipe(layer.recipe, *layer.matrix.shape)
