"""A network as the text of a program: short, complete, ready to paste, and nothing of ours in it.

What reads the picture and what makes the filters is the very text of the functions that the app
runs; each kind of layer adds its own lines in `_step`.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from functools import singledispatch
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from viz.images import Picture, at_working_size, resized, rgb_array
from viz.images.shipped import PHOTOGRAPHS
from viz.layers.activation import Square
from viz.layers.channel_shuffle import PermuteChannels, ShuffleChannels
from viz.layers.correlation import SPECTRAL_FROM_PX
from viz.layers.cross_channel_pooling import Maxout, PoolChannels, WinningChannel
from viz.layers.downsampling import window_of
from viz.layers.gabor import GaborBank, GaborBanksParameters, gabor_bank, gabor_banks
from viz.layers.pointwise import Pointwise
from viz.layers.recipes import diagonal_blocks
from viz.trace import layer_rows

MOST_PRINTED = 64  # numbers of a matrix; a larger one is made again by its recipe
LINE = 100  # signs
_TIE = "\u00a0"  # a space at which no line is broken

# What a program may import, in the order of its lines: the names it uses, and the line for them.
_IMPORTS = {
    "math": "import math\n",
    "np": "import numpy as np",
    "torch": "import torch",
    "F": "import torch.nn.functional as F",
    "Image": "from PIL import Image, ImageOps",
}
_HEAD = """\
# Computes the feature maps of the stage “{stage}”: the numbers on screen, up to rounding.
# Above each step stands what it does and the shape it leaves: (channels, height, width).
"""


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
    by code is drawn.

    Where nothing is summed, its numbers are the app's. Sums are added in another order than the
    app's: they differ by at most 16·eps of the largest Σ|w·x|, taken through all layers, with
    eps = 1.2e-7. Principal components of more than `MOST_PRINTED` numbers are computed anew, and
    where two explain equally much, as in a drawing with symmetries, rounding may turn them. So is
    a whitening of as many, which magnifies rounding in directions of little variance; and a maxout
    or a 1×1 with ReLU fitted to the maps, where rounding may give a pixel to the next piece.

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
    # 0: a 1×1 convolution → (3, 32, 64)
    weight = torch.tensor([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    maps = F.conv2d(maps, weight[:, :, None, None])
    <BLANKLINE>
    # 1: what is negative becomes 0 → (3, 32, 64)
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


def _steps(chain: nn.Module, shape: tuple[int, ...]) -> Iterator[Step]:
    """A step for every layer, in the order of the data; its words begin with the layer's name."""
    named = chain.named_modules(remove_duplicate=False)
    layers = [(name, layer) for name, layer in named if not isinstance(layer, nn.Sequential)]
    steps = [_step(layer) for _, layer in layers]
    for (name, _), step, row in zip(layers, steps, layer_rows(chain, shape), strict=True):
        yield step._replace(words=f"{name}: {step.words} → {row.output_shape}")


def _assembled(stage: str, steps: list[Step]) -> str:
    """Head, imports, functions, steps, and a line that says what came out."""
    functions = dict.fromkeys(function for step in steps for function in step.functions)
    parts = [f"# {step.words}\n{step.code}".rstrip() for step in steps]
    parts.append('print(f"maps {tuple(maps.shape)} from {maps.min():.4g} to {maps.max():.4g}")')
    code = "".join(f"\n\n{_pasted(function)}\n" for function in functions)
    code += "\n\n" * bool(functions) + "\n\n".join(parts) + "\n"
    used = {node.id for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Name)}
    imports = "\n".join(line for name, line in _IMPORTS.items() if name in used)
    return f"{_HEAD.format(stage=stage)}\n{imports}\n{code}"


def _reading(picture: Picture, working_size_px: int, shape: tuple[int, ...]) -> Step:
    if picture.draw:
        draw = inspect.unwrap(picture.draw)
        code = f"maps = {draw.__name__}({working_size_px})"
        return Step(f"the picture, drawn → {shape}", code, (draw,))
    file = PHOTOGRAPHS[picture.slug][0] if picture.slug in PHOTOGRAPHS else picture.name
    code = f"""\
path = {_quoted(file)}
with Image.open(path) as image:
    pixels = torch.from_numpy(rgb_array(image)).permute(2, 0, 1)
maps = resized(pixels, {working_size_px})"""
    words = f"the picture; its file lies beside this program → {shape}"
    return Step(words, code, (rgb_array, resized))


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
    return Step(f"channels of {layer.groups} groups dealt out in turn", f"maps = {order}")


@_step.register
def _(layer: PermuteChannels) -> Step:
    code = _wrapped("maps = maps[[", [str(channel) for channel in layer.order], "]]")
    return Step("the channels in another order", code)


@_step.register
def _(layer: WinningChannel) -> Step:
    code = f"maps = maps.unflatten(0, (-1, {layer.group})).argmax(1).float()"
    return Step(f"which of every {layer.group} consecutive channels is the largest", code)


@_step.register
def _(layer: PoolChannels) -> Step:
    words, method = {"max": ("the largest", "amax"), "mean": ("the mean", "mean")}[layer.mode]
    code = f"maps = maps.unflatten(0, (-1, {layer.group})).{method}(1)"
    return Step(f"{words} of every {layer.group} consecutive channels", code)


@_step.register
def _(layer: GaborBank) -> Step:
    (_, orientations), *others = layer.gabor._asdict().items()
    arguments = [str(orientations), *(f"{name}={value}" for name, value in others)]
    side = layer.kernel_size[0]
    several = isinstance(layer.gabor, GaborBanksParameters)
    code = _wrapped(f"kernels = gabor_bank{'s' * several}(", arguments, ")")
    code += f"\nmaps = F.conv2d(maps, kernels[:, None], padding={side // 2})"
    words = f"{layer.out_channels} filters of {side}×{side}"
    if side >= SPECTRAL_FROM_PX:
        words += " (the app multiplies spectra instead)"
    return Step(words, code, (gabor_bank, gabor_banks) if several else (gabor_bank,))


@_step.register
def _(layer: Pointwise) -> Step:
    code, functions = _weight(layer)
    arguments = "maps, weight[:, :, None, None]" + ", bias" * (layer.bias is not None)
    stride = layer.stride[0]
    arguments += f", stride={stride}" * (stride > 1)
    arguments += f", groups={layer.groups}" * (layer.groups > 1)
    words = "a 1×1 convolution" + f" in {layer.groups} groups" * (layer.groups > 1)
    words += f" of stride {stride}" * (stride > 1)
    return Step(words, f"{code}\nmaps = F.conv2d({arguments})", functions)


@_step.register
def _(layer: nn.Conv2d) -> Step:
    """One window for every channel alone; any other convolution of torch's own is none of ours."""
    channels, padding = layer.in_channels, layer.padding[0]
    window = window_of(layer)
    if window is None or layer.padding_mode != "zeros":
        raise ValueError(f"no line of a program is known for {type(layer).__name__}")
    expanded = f"weight.expand({channels}, 1, {window.shape[0]}, {window.shape[1]})"
    code = f"maps = F.conv2d(maps, {expanded}, padding={padding}, groups={channels})"
    size = "×".join(map(str, window.shape))
    return Step(f"a {size} window over every channel alone", f"{_printed(window)}\n{code}")


@_step.register
def _(layer: Maxout) -> Step:
    learned = layer.recipe is not None and layer.recipe.affine
    bias = layer.bias.flatten() if learned or layer.bias.any() else None
    weight, functions = _weight(Pointwise(layer.matrix, bias, recipe=layer.recipe))
    arguments = "maps, weight[:, :, None, None]" + ", bias" * (bias is not None)
    code = f"maps = F.conv2d({arguments}).unflatten(0, (-1, {layer.pieces})).amax(1)"
    words = f"of every {layer.pieces} mixtures of all channels the largest"
    return Step(words, f"{weight}\n{code}", functions)


def _weight(layer: Pointwise) -> tuple[str, tuple[Callable[..., Any], ...]]:
    """The lines that make `weight` and `bias`, printed or by recipe, and the functions they call."""
    printed = layer.rows.numel() <= MOST_PRINTED
    code, functions = (_printed(layer.rows), ()) if printed else _made(layer)
    if not printed and layer.recipe is not None and layer.recipe.affine:
        code += "\nweight, bias = weight[:, :-1], weight[:, -1]"
    elif layer.bias is not None:
        code += "\n" + _wrapped("bias = torch.tensor([", _numbers(layer.bias), "])")
    return code, functions


def _made(layer: Pointwise) -> tuple[str, tuple[Callable[..., Any], ...]]:
    """The lines that make `weight` by its recipe, and the functions they call."""
    shape, recipe = layer.matrix.shape, layer.recipe
    if recipe is None:
        raise ValueError(f"a matrix of {tuple(shape)} can only be written with its recipe")
    arguments = ["maps"] * recipe.of_channels
    arguments += [f"{name}={value}" for name, value in recipe.arguments]
    code = f"weight = {recipe.function.__name__}({', '.join(arguments)})"
    cells = [f"({r}, {c}, {v / 1000})" for r, c, v in recipe.edits if r < shape[0] and c < shape[1]]
    if cells:
        code += "\n" + _wrapped("for row, column, value in [", cells, "]:")
        code += "\n    weight[row, column] = value"
    functions: tuple[Callable[..., Any], ...] = (*recipe.helpers, recipe.function)
    if layer.groups > 1:
        code += f"\nweight = diagonal_blocks(weight, groups={layer.groups})"
        functions += (diagonal_blocks,)
    return code, functions


# ── Numbers and text ────────────────────────────────────────────────────────────────────────────


def _printed(matrix: Tensor) -> str:
    """`weight` number by number: on one line if it fits, else a line for each row."""
    if matrix.shape[1] == 1:
        return _wrapped("weight = torch.tensor([", _numbers(matrix[:, 0]), "])[:, None]")
    rows = [_numbers(row) for row in matrix]
    line = f"weight = torch.tensor([{', '.join('[' + ', '.join(row) + ']' for row in rows)}])"
    if len(line) <= LINE:
        return line
    lines = "".join(_wrapped("[", row, "],", indent=8) + "\n" for row in rows)
    return f"weight = torch.tensor(\n    [\n{lines}    ]\n)"


def _numbers(values: Tensor) -> list[str]:
    """For each number the shortest decimal that float32 reads back as that very number."""
    return [
        next(
            repr(short)
            for short in (float(f"{value:.{digits}g}") for digits in range(1, 10))
            if torch.tensor(short, dtype=torch.float32).item() == value
        )
        for value in values.tolist()
    ]


def _wrapped(opening: str, items: list[str], closing: str, indent: int = 0) -> str:
    """The items in brackets on one line if they fit, else on as few lines as they need."""
    before, inside = " " * indent, " " * (indent + 4)
    line = before + opening + ", ".join(items) + closing
    if len(line) <= LINE:
        return line
    whole = ", ".join(item.replace(" ", _TIE) for item in items) + ","
    filled = textwrap.fill(
        whole, LINE, initial_indent=inside, subsequent_indent=inside, break_on_hyphens=False
    )
    return f"{before}{opening}\n{filled.replace(_TIE, ' ')}\n{before}{closing}"


def _quoted(text: str) -> str:
    """A Python literal of any text: on one line, whatever is in it, in double quotes if it can be."""
    literal = repr(text)
    return literal if "'" in text or '"' in text else f'"{literal[1:-1]}"'


def _pasted(function: Callable[..., Any]) -> str:
    """A function's own text: its docstring's first line, no annotations, no checks of arguments."""
    text = textwrap.dedent(inspect.getsource(function))
    (definition,) = ast.parse(text).body
    assert isinstance(definition, ast.FunctionDef)
    for node in ast.walk(definition.args):
        if isinstance(node, ast.arg):
            node.annotation = None
    docstring, *body = definition.body
    checks = [each for each in body if isinstance(each, ast.If) and _raises(each)]
    lines = text.splitlines()
    for check in reversed(checks):
        del lines[check.lineno - 1 : check.end_lineno]
    signature = f"def {definition.name}({ast.unparse(definition.args)}):"
    summary = '    """' + (ast.get_docstring(definition) or "").splitlines()[0]
    summary += '"""' if len(summary) <= LINE - 3 else '\n    """'
    return "\n".join([signature, summary, *lines[docstring.end_lineno :]])


def _raises(branch: ast.If) -> bool:
    return isinstance(branch.body[0], ast.Raise)
