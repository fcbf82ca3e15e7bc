"""The lesson's claims about its layers."""

from __future__ import annotations

from collections.abc import Mapping

import torch.nn.functional as F
from torch import Tensor, nn

from viz.layers.downsampling import binomial_blur
from viz.layers.pointwise import mix_channels, mixing_layer
from viz.lessons.claim import Claim, Path, differ
from viz.lessons.layer_claims import strided_claim
from viz.lessons.lesson import Built
from viz.lessons.strided.setting import Setting
from viz.lessons.ways import convolution, magnitude
from viz.text import Message, text

STRIDED = ("strided", "again", "third")
# Of one layer or of several, then a 3×3.
WITH_WINDOW: Mapping[int, Message] = {
    1: "A 1×1 of stride {stride}, then a 3×3, is a 3×3 of dilation {together}, then a 1×1 of stride {together}.",
    2: "Two layers of stride {stride}, then a 3×3, are a 3×3 of dilation {together}, then a 1×1 of stride {together}.",
    3: "Three layers of stride {stride}, then a 3×3, are a 3×3 of dilation {together}, then a 1×1 of stride {together}.",
}
STACKED: Mapping[int, Message] = {
    2: "Two layers of stride {stride} are one of stride {together}.",
    3: "Three layers of stride {stride} are one of stride {together}.",
}


def claims(built: Built[Setting], pixels: Tensor) -> list[Claim]:
    """The lesson's claims about the layers that are switched on, for this picture.

    A difference is only claimed if it exists on this picture: an average of a constant changes
    nothing, and a max pool that copies its channels has nothing to mix.
    """
    given, layer = built.before("strided"), built.mixing("strided")
    matrix, stride = layer.matrix, layer.stride[0]
    layers = nn.Sequential(*(m for name, m in built.network.named_children() if name in STRIDED))
    made = [strided_claim(given, matrix, stride), *_other_methods(given, matrix, stride)]
    made.append(_average_claim(given, matrix, stride))
    if stride > 1:
        made += [_average_places(given, matrix, stride), _max_places(given, matrix, stride)]
    if len(layers) > 1:
        made.append(_stack_claim(given, layers, matrix, stride))
    if built.setting.window:
        made.append(_window_claim(given, layers, matrix, stride))
    return [claim for claim in made if claim.equal or differ(claim, pixels)]


def _other_methods(given: nn.Module, matrix: Tensor, stride: int) -> list[Claim]:
    """Claims that two other methods equal the framework's convolution."""
    everywhere = convolution(matrix)
    name, rest = (
        text("conv2d of stride {stride}", stride=stride),
        (magnitude(matrix, stride), matrix.shape[1]),
    )
    return [
        Claim(
            "The layer on screen is PyTorch's own convolution with that stride.",
            convolution(matrix, stride),
            lambda x: mix_channels(x, matrix.to(x.device), stride=stride),
            True,
            given,
            *rest,
            methods=(name, "layer on screen"),
        ),
        Claim(
            "It is the 1×1 at every pixel, of which all but one in s × s are dropped.",
            convolution(matrix, stride),
            lambda x: everywhere(x)[:, ::stride, ::stride],
            True,
            given,
            *rest,
            methods=(name, "1×1, then dropped"),
        ),
    ]


def _average_claim(given: nn.Module, matrix: Tensor, stride: int) -> Claim:
    mixed = convolution(matrix)
    return Claim(
        "Average pooling in its place gives another map: it reads every pixel.",
        convolution(matrix, stride),
        lambda x: mixed(_averages(x, stride)),
        False,
        given,
        lambda x: magnitude(matrix)(_largest(x.abs(), stride)),  # an upper bound of both sides
        matrix.shape[1] + stride**2,
        methods=("strided 1×1", "average, then 1×1"),
    )


def _average_places(given: nn.Module, matrix: Tensor, stride: int) -> Claim:
    mixed = convolution(matrix)
    return Claim(
        "Average pooling and a 1×1 commute.",
        lambda x: _averages(mixed(x), stride),
        lambda x: mixed(_averages(x, stride)),
        True,
        given,
        lambda x: magnitude(matrix)(_averages(x.abs(), stride)),
        matrix.shape[1] + stride**2,  # a block is averaged, channels are summed
        methods=("1×1, then average", "average, then 1×1"),
    )


def _max_places(given: nn.Module, matrix: Tensor, stride: int) -> Claim:
    mixed = convolution(matrix)
    return Claim(
        "Max pooling and a 1×1 do not commute.",
        lambda x: _largest(mixed(x), stride),
        lambda x: mixed(_largest(x, stride)),
        False,
        given,
        lambda x: magnitude(matrix)(_largest(x.abs(), stride)),
        matrix.shape[1],
        methods=("1×1, then max", "max, then 1×1"),
    )


def _averages(x: Tensor, side: int) -> Tensor:
    return F.avg_pool2d(x, side, ceil_mode=True, count_include_pad=False)


def _largest(x: Tensor, side: int) -> Tensor:
    return F.max_pool2d(x, side, ceil_mode=True)


def _stack_claim(given: nn.Module, layers: nn.Sequential, matrix: Tensor, stride: int) -> Claim:
    count, together = len(layers), stride ** len(layers)
    return Claim(
        text(STACKED[count], stride=stride, together=together),
        _one_after_another(layers, stride),
        convolution(matrix, together),
        True,
        given,
        magnitude(matrix, together),
        matrix.shape[1] + (count - 1) * matrix.shape[0],
        methods=(
            text("{n} of stride {stride}", n=count, stride=stride),
            text("one of stride {together}", together=together),
        ),
    )


def _window_claim(given: nn.Module, layers: nn.Sequential, matrix: Tensor, stride: int) -> Claim:
    count, together = len(layers), stride ** len(layers)
    strided, mixed = _one_after_another(layers, stride), convolution(matrix, together)
    return Claim(
        text(WITH_WINDOW[count], stride=stride, together=together),
        lambda x: binomial_blur(strided(x)),
        lambda x: mixed(binomial_blur(x, together)),
        True,
        given,
        lambda x: magnitude(matrix, together)(binomial_blur(x.abs(), together)),
        matrix.shape[1] + (count - 1) * matrix.shape[0] + 9,
        methods=("strided, then 3×3", "dilated 3×3, then 1×1"),
    )


def _one_after_another(layers: nn.Sequential, stride: int) -> Path:
    def strided(x: Tensor) -> Tensor:
        for layer in layers:
            x = mix_channels(x, mixing_layer(layer).matrix.to(x.device), stride=stride)
        return x

    return strided
