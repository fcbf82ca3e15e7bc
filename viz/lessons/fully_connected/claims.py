"""The lesson's claims about the head and the trunk, for this picture."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn

from viz.layers.fully_connected import as_conv
from viz.lessons.claim import Claim, seen_on
from viz.lessons.fully_connected.setting import Setting
from viz.lessons.fully_connected.stages import CHANNELS, HIDDEN, MAP
from viz.lessons.fully_connected.twin import Twin, twin, windows
from viz.lessons.lesson import Built
from viz.lessons.ways import magnitude, product

OF_DOUBLE = 2.0**-29  # the spacing of doubles at 1, in that of floats


def claims(built: Built[Setting], pixels: Tensor) -> list[Claim]:
    """The lesson's claims; a difference is only claimed where this picture shows it."""
    both = twin(built)
    given = nn.Sequential(both.square, *both.trunk)
    crops = _padding_claim(both) if built.setting.zero_padding else _crops_claim(both)
    made = [_first_claim(given, both), _next_claim(given, both), crops, _order_claim(given, both)]
    return seen_on(pixels, made)


def _first_claim(given: nn.Module, both: Twin) -> Claim:
    linear = _linear(both, "head")
    convolution = as_conv(linear, (CHANNELS, MAP, MAP))
    return Claim(
        "A fully connected layer on maps of 7×7 is a 7×7 convolution.",
        lambda x: convolution.to(x.device)(x),
        lambda x: linear.to(x.device)(x.flatten())[:, None, None],
        given=lambda pixels: _first_window(given(pixels)),
        magnitude=lambda x: F.conv2d(x.abs(), convolution.weight.abs().to(x.device)),
        terms=linear.in_features,
        methods=("conv2d 7×7", "flatten, nn.Linear"),
    )


def _next_claim(given: nn.Module, both: Twin) -> Claim:
    matrix = _linear(both, "scores").weight
    convolution = as_conv(_linear(both, "scores"), (HIDDEN, 1, 1))
    return Claim(
        "The next fully connected layer is a 1×1 convolution.",
        lambda x: convolution.to(x.device)(x),
        product(matrix),
        given=lambda pixels: both.convolved[:-1](given(pixels)),
        magnitude=magnitude(matrix),
        terms=HIDDEN,
        methods=("conv2d 1×1", "nn.Linear, per place"),
    )


def _crops_claim(both: Twin) -> Claim:
    """In double precision, for the rounding of so many sums would hide a slip in single precision."""
    precise = both.double()
    return Claim(
        "One pass over the large input gives what the fully connected network gives for every crop by itself.",
        lambda x: precise.in_one_pass(x.cpu().double()),
        lambda x: precise.on_crops(x.cpu().double()),
        given=both.square,
        magnitude=lambda x: OF_DOUBLE * precise.magnitude(x.cpu().double()),
        terms=both.terms,
        methods=("one pass", "crop by crop"),
    )


def _padding_claim(both: Twin) -> Claim:
    """Of the maps that reach the head: with equal ones the head would give equal scores."""
    return Claim(
        "With zero padding in the trunk, the maps of a crop by itself are not those of one pass.",
        lambda x: windows(both.to(x.device).trunk(x)),
        lambda x: both.to(x.device).trunk_on_crops(x),
        equal=False,
        given=both.square,
        magnitude=lambda x: windows(both.trunk_magnitude(x)),
        terms=both.terms,
        methods=("one pass", "crop by crop"),
    )


def _order_claim(given: nn.Module, both: Twin) -> Claim:
    """Of a matrix that was made for maps flattened pixel by pixel."""
    linear = _linear(both, "head")
    convolution = as_conv(linear, (CHANNELS, MAP, MAP))
    return Claim(
        "A row folds in the order in which the maps were flattened; in another order the result differs.",
        lambda x: convolution.to(x.device)(x),
        lambda x: linear.to(x.device)(x.movedim(0, -1).flatten())[:, None, None],
        equal=False,
        given=lambda pixels: _first_window(given(pixels)),
        magnitude=lambda x: F.conv2d(x.abs(), convolution.weight.abs().to(x.device)),
        terms=linear.in_features,
        methods=("conv2d 7×7", "flattened by pixel"),
    )


def _linear(both: Twin, name: str) -> nn.Linear:
    layer = both.connected.get_submodule(name)
    assert isinstance(layer, nn.Linear)
    return layer


def _first_window(maps: Tensor) -> Tensor:
    return maps[..., :MAP, :MAP]
