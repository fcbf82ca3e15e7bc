"""The step of a program for each kind of layer: one rule a kind."""

from __future__ import annotations

from collections.abc import Callable
from functools import singledispatch
from math import isinf
from typing import Any, NamedTuple

from torch import Tensor, nn

from viz.layers.activation import ELEMENTWISE, Square
from viz.layers.batch_norm import as_pointwise
from viz.layers.branches import AppendDifference
from viz.layers.channel_shuffle import PermuteChannels, PickChannels, ShuffleChannels
from viz.layers.correlation import SPECTRAL_FROM_PX
from viz.layers.crop import CentreCrop, GrownSquare, square_margins
from viz.layers.cross_channel_pooling import Maxout, PoolChannels, PoolParts, WinningChannel
from viz.layers.downsampling import window_of
from viz.layers.filter_bank import FilterBank
from viz.layers.gabor import GaborBank, GaborBanksParameters, gabor_bank, gabor_banks, window_px
from viz.layers.log_mean_exp_pooling import (
    LogMeanExpPool,
    log_mean_exp_along_rows,
    log_mean_exp_pool,
    reading_positions,
)
from viz.layers.part import Part
from viz.layers.pointwise import Pointwise
from viz.layers.recipes import Recipe, diagonal_blocks
from viz.layers.reflection import reflected
from viz.layers.same_padding import SamePad, same_margins, same_padded
from viz.layers.seeding import recipe_of
from viz.layers.sliding import Pair, Sliding, sliding
from viz.source.text import numbers, printed, quoted, wrapped
from viz.text import Text, text

MAX_PRINTED = 64  # numbers of a matrix; a larger one is computed by its recipe
Functions = tuple[Callable[..., Any], ...]


class Step(NamedTuple):
    """One step of a program: a comment, its lines, and the functions that they call."""

    words: Text
    code: str
    functions: Functions = ()


def maps_of(stage: str) -> str:
    """The program's name for the maps of an earlier stage."""
    return f"{stage}_maps"


def computed_by(layer: nn.Conv2d | nn.Linear) -> Recipe | None:
    """The recipe that computes the weights in the program; None if their numbers are printed."""
    return recipe_of(layer) if layer.weight.numel() > MAX_PRINTED else None


@singledispatch
def step(layer: nn.Module) -> Step:
    """The step that computes a layer.

    Raises:
        ValueError: if there is none for this kind of layer, or it has too many numbers to print.
    """
    raise ValueError(f"no line of a program is known for {type(layer).__name__}")


@step.register
def _(layer: nn.Identity) -> Step:
    return Step(text("passed on unchanged"), "")


@step.register
def _(layer: nn.Dropout | nn.Dropout2d) -> Step:
    return Step(text("passed on unchanged: dropout acts in training only"), "")


def _elementwise(layer: nn.Module) -> Step:
    return Step(text("a function of every value"), f"maps = torch.nn.{layer!r}(maps)")


for _kind in ELEMENTWISE:
    step.register(_kind, _elementwise)


@step.register
def _(layer: nn.ReLU) -> Step:
    return Step(text("what is negative becomes 0"), "maps = maps.relu()")


@step.register
def _(layer: Square) -> Step:
    return Step(text("every value squared"), "maps = maps.square()")


@step.register
def _(layer: ShuffleChannels) -> Step:
    order = f"maps.unflatten(0, ({layer.groups}, -1)).transpose(0, 1).flatten(0, 1)"
    return Step(text("channels of {n} groups dealt out in turn", n=layer.groups), f"maps = {order}")


@step.register
def _(layer: PermuteChannels) -> Step:
    code = wrapped("maps = maps[[", [str(channel) for channel in layer.order], "]]")
    return Step(text("the channels in another order"), code)


@step.register
def _(layer: PickChannels) -> Step:
    code = wrapped("maps = maps[[", [str(channel) for channel in layer.channels], "]]")
    return Step(text("some of the channels"), code)


@step.register
def _(layer: CentreCrop) -> Step:
    side = layer.side_px
    code = f"""\
top, left = (max(0, (length - {side}) // 2) for length in maps.shape[1:])
maps = maps[:, top : top + {side}, left : left + {side}]"""
    return Step(text("the middle, at most {side}×{side} pixels", side=side), code)


@step.register
def _(layer: GrownSquare) -> Step:
    sizes = f"{layer.side_px}, {layer.inner_px}, {layer.step_px}"
    code = f"""\
(top, bottom), (left, right) = (square_margins(length, {sizes}) for length in maps.shape[1:])
maps = F.pad(maps, (left, right, top, bottom))"""
    side = layer.side_px
    words = text("a square of {side}×{side} pixels, black beyond the picture", side=side)
    return Step(words, code, (square_margins,))


@step.register
def _(layer: Part) -> Step:
    if not layer.lines.code:
        raise ValueError("no lines of a program are known for this part")
    return Step(*layer.lines)


@step.register
def _(layer: SamePad) -> Step:
    code = f"maps = same_padded(maps, {layer.kernel}, {layer.stride})"
    words = text(
        "padded for windows of {side}×{side} and stride {stride}",
        side=layer.kernel,
        stride=layer.stride,
    )
    return Step(words, code, (same_margins, same_padded))


@step.register
def _(layer: WinningChannel) -> Step:
    code = f"maps = maps.unflatten(0, (-1, {layer.group})).argmax(1).float()"
    return Step(text("which of every {n} consecutive channels is the largest", n=layer.group), code)


@step.register
def _(layer: PoolChannels) -> Step:
    words, method = {
        "max": (text("the largest of every {n} consecutive channels", n=layer.group), "amax"),
        "mean": (text("the mean of every {n} consecutive channels", n=layer.group), "mean"),
    }[layer.mode]
    return Step(words, f"maps = maps.unflatten(0, (-1, {layer.group})).{method}(1)")


@step.register
def _(layer: PoolParts) -> Step:
    largest = "the largest of each of {n} groups of channels, as equal as possible"
    mean = "the mean of each of {n} groups of channels, as equal as possible"
    words, method = {"max": (largest, "amax"), "mean": (mean, "mean")}[layer.mode]
    groups = f"maps.tensor_split({layer.parts})"
    code = f"maps = torch.stack([group.{method}(0) for group in {groups}])"
    return Step(text(words, n=layer.parts), code)


@step.register
def _(layer: FilterBank) -> Step:
    recipe = recipe_of(layer)
    if recipe is None:
        raise ValueError(f"{layer.out_channels} filters are more than is printed, without recipe")
    code = wrapped(f"kernels = {recipe.function.__name__}(", _given_to(recipe), ")")
    return _filtered(layer, code, (*recipe.helpers, recipe.function))


@step.register
def _(layer: GaborBank) -> Step:
    (_, orientations), *others = layer.gabor._asdict().items()
    usual = layer.gabor._field_defaults
    said = [(name, value) for name, value in others if value != usual.get(name)]
    arguments = [str(orientations), *(f"{name}={value}" for name, value in said)]
    several = isinstance(layer.gabor, GaborBanksParameters)
    code = wrapped(f"kernels = gabor_bank{'s' * several}(", arguments, ")")
    of_several = (window_px, gabor_banks) if several else ()
    return _filtered(layer, code, (gabor_bank, *of_several))


def _filtered(layer: FilterBank, kernels: str, functions: Functions) -> Step:
    """The step of a bank, after the line that makes its kernels."""
    side, beyond, every = layer.kernel_size[0], layer.beyond_px, layer.inside_every_px
    words = text("{n} filters of {side}×{side}", n=layer.out_channels, side=side)
    code = kernels + f"\nkernels = F.pad(kernels, (0, {beyond}, 0, {beyond}))" * (beyond > 0)
    if every:
        code += f"\nmaps = F.conv2d(maps, kernels[:, None], stride={every})"
        return Step(text("{what} at every {n}th pixel", what=words, n=every), code, functions)
    code += "\nkernels = F.pad(kernels, (1, 0, 1, 0))  # so that they have a middle" * (
        side % 2 == 0
    )
    code += f"\nmaps = F.conv2d(reflected(maps, {side // 2}), kernels[:, None])"
    if side + 1 - side % 2 >= SPECTRAL_FROM_PX:
        words = text("{what} (on a CPU the app multiplies spectra instead)", what=words)
    return Step(words, code, (*functions, reflected))


@step.register
def _(layer: Pointwise) -> Step:
    code, functions = _weight(layer, layer.rows)
    arguments = "maps, weight[:, :, None, None]" + ", bias" * _shifts(layer)
    stride = layer.stride[0]
    arguments += f", stride={stride}" * (stride > 1)
    arguments += f", groups={layer.groups}" * (layer.groups > 1)
    words = _in_groups(text("a 1×1 convolution"), layer)
    if stride > 1:
        words = text("{what} of stride {stride}", what=words, stride=stride)
    return Step(words, f"{code}\nmaps = F.conv2d({arguments})", functions)


@step.register
def _(layer: nn.Conv2d) -> Step:
    shape, window, slides = tuple(layer.weight.shape), window_of(layer), sliding(layer)
    matrix = layer.weight.flatten(1) if window is None else window
    code, functions = _weight(layer, matrix)
    if slides.border != "zeros" or slides.before != slides.after:
        code += f"\nmaps = {_padded(slides)}"
        slides = slides._replace(before=(0, 0))
    arguments = f"maps, weight.{'view' if window is None else 'expand'}{shape}"
    arguments += ", bias" * _shifts(layer) + _arguments(slides)
    arguments += f", groups={layer.groups}" * (layer.groups > 1)
    size = _times(slides.kernel)
    words = text("a {size} window over every channel alone", size=size)
    if window is None:
        words = _in_groups(text("a {size} convolution", size=size), layer)
    return Step(_apart(words, slides), f"{code}\nmaps = F.conv2d({arguments})", functions)


@step.register
def _(layer: nn.MaxPool2d) -> Step:
    slides = sliding(layer)
    arguments = f"maps, {_sizes(slides.kernel)}{_arguments(slides, stride=slides.kernel)}"
    words = text("the largest of every {size} pixels", size=_times(slides.kernel))
    return Step(_apart(words, slides, slides.kernel), f"maps = F.max_pool2d({arguments})")


@step.register
def _(layer: LogMeanExpPool) -> Step:
    side = layer.kernel_size
    code = f"maps = log_mean_exp_pool(maps, {side}, {layer.beta!r}"
    code += f", stride={layer.stride}, padding={layer.padding})"
    beta = f"{layer.beta:g}"
    words = text("log-mean-exp of every {side}×{side} pixels, β = {beta}", side=side, beta=beta)
    functions = (reading_positions, log_mean_exp_along_rows, log_mean_exp_pool)
    return Step(_apart(words, sliding(layer), (side, side)), code, functions)


@step.register
def _(layer: AppendDifference) -> Step:
    code = "first, second = maps.chunk(2)\nmaps = torch.cat([maps, first - second])"
    return Step(text("also the difference of both halves"), code)


@step.register
def _(layer: nn.AvgPool2d) -> Step:
    slides = sliding(layer)
    arguments = f"maps, {_sizes(slides.kernel)}{_arguments(slides, stride=slides.kernel)}"
    arguments += ", count_include_pad=False" * (not layer.count_include_pad)
    if layer.divisor_override:
        arguments += f", divisor_override={layer.divisor_override}"
    words = text("the mean of every {size} pixels", size=_times(slides.kernel))
    return Step(_apart(words, slides, slides.kernel), f"maps = F.avg_pool2d({arguments})")


@step.register
def _(layer: nn.AdaptiveAvgPool2d | nn.AdaptiveMaxPool2d) -> Step:
    largest = isinstance(layer, nn.AdaptiveMaxPool2d)
    whole = text("the largest of every part of the map")
    words = whole if largest else text("the mean of every part of the map")
    function = f"F.adaptive_{'max' if largest else 'avg'}_pool2d"
    return Step(words, f"maps = {function}(maps, {layer.output_size})")


@step.register
def _(layer: nn.ConstantPad2d | nn.ReplicationPad2d | nn.ReflectionPad2d) -> Step:
    call = _padded(sliding(layer))
    value = getattr(layer, "value", 0.0)
    said = f"float('{value}')" if isinf(value) else value
    code = call[:-1] + f", value={said})" if value else call
    cut = min(layer.padding) < 0
    return Step(text("rows and columns cut off or padded" if cut else "padded"), f"maps = {code}")


@step.register
def _(layer: nn.Flatten) -> Step:
    return Step(text("all maps as one vector"), "maps = maps.flatten()")


@step.register
def _(layer: nn.Linear) -> Step:
    code, functions = _weight(layer, layer.weight)
    arguments = "maps, weight" + ", bias" * _shifts(layer)
    words = text("every one of {n} outputs reads all numbers", n=layer.out_features)
    return Step(words, f"{code}\nmaps = F.linear({arguments})", functions)


@step.register
def _(layer: nn.BatchNorm2d) -> Step:
    words = text("every channel scaled and shifted: a batch normalisation")
    recipe = recipe_of(layer)
    if recipe is None or 2 * layer.num_features <= MAX_PRINTED:
        return step(as_pointwise(layer))._replace(words=words)
    call, functions = _called(recipe)
    code = f"scale, shift = {call}.T[:, :, None, None]\nmaps = scale * maps + shift"
    return Step(words, code, functions)


@step.register
def _(layer: Maxout) -> Step:
    learned = layer.recipe is not None and layer.recipe.affine
    bias = layer.bias.flatten() if learned or layer.bias.any() else None
    mixed = Pointwise(layer.matrix, bias, recipe=layer.recipe)
    weight, functions = _weight(mixed, mixed.rows)
    arguments = "maps, weight[:, :, None, None]" + ", bias" * _shifts(mixed)
    code = f"maps = F.conv2d({arguments}).unflatten(0, (-1, {layer.pieces})).amax(1)"
    words = text("of every {n} mixtures of all channels the largest", n=layer.pieces)
    return Step(words, f"{weight}\n{code}", functions)


def _weight(layer: nn.Conv2d | nn.Linear, rows: Tensor) -> tuple[str, Functions]:
    """The lines for `weight` and `bias`, printed or by recipe, and the functions they call.

    Args:
        layer: a layer with weights.
        rows: its weights as the program needs them: a window alone, or a row for each output.
    """
    if rows.numel() <= MAX_PRINTED:
        return printed(rows) + _bias_line(layer), ()
    recipe = recipe_of(layer)
    if recipe is None:
        shape = tuple(rows.shape if isinstance(layer, Pointwise) else layer.weight.shape)
        raise ValueError(f"weights of {shape} are more than {MAX_PRINTED} numbers, without recipe")
    code, functions = _made(layer, recipe)
    both = "\nweight, bias = weight[:, :-1], weight[:, -1]"
    return code + (both if recipe.affine else _bias_line(layer)), functions


def _shifts(layer: nn.Conv2d | nn.Linear) -> bool:
    """Whether the program adds a bias; beside a recipe of the weights, zeros are left out."""
    if layer.bias is None:
        return False
    return computed_by(layer) is None or bool(layer.bias.any())


def _bias_line(layer: nn.Conv2d | nn.Linear) -> str:
    if layer.bias is None or not _shifts(layer):
        return ""
    return "\n" + wrapped("bias = torch.tensor([", numbers(layer.bias), "])")


def _given_to(recipe: Recipe) -> list[str]:
    """The arguments of a recipe's call."""
    maps = ["maps"] * recipe.of_channels + [maps_of(recipe.beside)] * bool(recipe.beside)
    return maps + [f"{name}={_literal(value)}" for name, value in recipe.arguments]


def _literal(value: int | str) -> str:
    return quoted(value) if isinstance(value, str) else str(value)


def _made(layer: nn.Conv2d | nn.Linear, recipe: Recipe) -> tuple[str, Functions]:
    """The lines for `weight` by its recipe, and the functions they call."""
    call, functions = _called(recipe)
    code = f"weight = {call}"
    if not isinstance(layer, Pointwise):
        return code, functions
    outputs, channels = layer.matrix.shape
    cells = [f"({r}, {c}, {v / 1000})" for r, c, v in recipe.edits if r < outputs and c < channels]
    if cells:
        code += "\n" + wrapped("for row, column, value in [", cells, "]:")
        code += "\n    weight[row, column] = value"
    if layer.groups > 1:
        code += f"\nweight = diagonal_blocks(weight, groups={layer.groups})"
        functions += (diagonal_blocks,)
    return code, functions


def _called(recipe: Recipe) -> tuple[str, Functions]:
    """The call of a recipe, and the functions that it needs."""
    call = f"{recipe.function.__name__}({', '.join(_given_to(recipe))})"
    return call, (*recipe.helpers, recipe.function)


# ── Windows ─────────────────────────────────────────────────────────────────────────────────────


def _arguments(slides: Sliding, stride: Pair = (1, 1)) -> str:
    """The arguments for a window, except those that equal torch's defaults.

    Args:
        slides: the window.
        stride: torch's default stride.
    """
    given = {"stride": slides.stride, "padding": slides.before, "dilation": slides.dilation}
    usual = {"stride": stride, "padding": (0, 0), "dilation": (1, 1)}
    said = "".join(f", {name}={_sizes(of)}" for name, of in given.items() if of != usual[name])
    return said + ", ceil_mode=True" * slides.ceil_mode


def _padded(slides: Sliding) -> str:
    """The call that pads the maps, if the convolution cannot do so itself."""
    (top, left), (bottom, right) = slides.before, slides.after
    mode = "" if slides.border == "zeros" else f', mode="{slides.border}"'
    return f"F.pad(maps, ({left}, {right}, {top}, {bottom}){mode})"


def _sizes(both: Pair) -> str:
    return str(both[0] if both[0] == both[1] else both)


def _times(both: Pair) -> str:
    return "×".join(map(str, both))


def _in_groups(words: Text, layer: nn.Conv2d) -> Text:
    if layer.groups == 1:
        return words
    return text("{what} in {n} groups", what=words, n=layer.groups)


def _apart(words: Text, slides: Sliding, stride: Pair = (1, 1)) -> Text:
    """The words with the stride and the dilation, if they are not the usual ones."""
    steps, apart = _sizes(slides.stride), _sizes(slides.dilation)
    strides, dilates = slides.stride != stride, slides.dilation != (1, 1)
    if strides and dilates:
        both = "{what} of stride {stride} and dilation {dilation}"
        return text(both, what=words, stride=steps, dilation=apart)
    if strides:
        return text("{what} of stride {stride}", what=words, stride=steps)
    return text("{what} of dilation {dilation}", what=words, dilation=apart) if dilates else words
