"""One matrix at every pixel, written in five ways: the same numbers up to rounding."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import torch
from torch import Tensor, nn

from viz.layers.pointwise import mixing_layer
from viz.lessons.chain import Through, apply
from viz.lessons.claim import Path, as_it_is, rounding_bound
from viz.lessons.pointwise.network import network
from viz.lessons.pointwise.setting import Setting
from viz.lessons.ways import convolution, loop, magnitude, middle, product


@dataclass(frozen=True)
class Way:
    """One way to write a 1×1 convolution.

    Attributes:
        name: what it is called.
        sentence: what it does, in English; translated where it is shown.
        function: maps `(C, H, W)` on any device -> the mixed maps `(O, H, W)` there.
        crop: the maps that arrive -> what `function` is given: all of them, or a small piece.
        magnitude: what `function` is given -> Σ|w·x| of every output, which bounds the rounding.
        terms: how many products are summed in an output.
    """

    name: str
    sentence: str
    function: Path
    crop: Path
    magnitude: Path
    terms: int


def ways(setting: Setting, pixels: Tensor, through: Through = apply) -> tuple[Way, ...]:
    """Five ways to mix the channels of the maps that reach the 1×1, by its dense matrix.

    The first is the framework's own convolution, which the others are compared with, on their own
    crop: two ways differ by at most the `rounding_bound`. With groups, the matrix has zeros
    outside its blocks, and all ways multiply by them.

    >>> pixels = torch.rand(3, 20, 30)               # they reach the 1×1 as they are
    >>> ways_to_mix = ways(Setting(), pixels)
    >>> [(way.name, tuple(way.function(way.crop(pixels)).shape)) for way in ways_to_mix][3:]
    [('matmul', (3, 20, 30)), ('loop', (3, 8, 8))]
    """
    matrix = mixing_layer(network(setting, pixels, through).get_submodule("pointwise")).matrix
    rest = magnitude(matrix), matrix.shape[1]
    return (
        Way("conv2d", "The framework's convolution.", convolution(matrix), as_it_is, *rest),
        Way("nn.Linear", "One linear layer, fed pixel by pixel.", linear(matrix), as_it_is, *rest),
        Way("einsum", "The sum over channels, written out.", einsum(matrix), as_it_is, *rest),
        Way("matmul", "One matrix times all pixels as columns.", product(matrix), as_it_is, *rest),
        Way("loop", "A plain loop over the pixels of a crop.", loop(matrix), middle, *rest),
    )


def linear(matrix: Tensor) -> Path:
    """`nn.Linear` on pixels whose channels come last."""
    outputs, channels = matrix.shape
    layer = nn.Linear(channels, outputs, bias=False, device="meta")
    layer.weight = nn.Parameter(matrix, requires_grad=False)
    return lambda x: layer.to(x.device)(x.movedim(0, -1)).movedim(-1, 0)


def einsum(matrix: Tensor) -> Path:
    """The formula, index by index."""
    weight = cache(matrix.to)
    return lambda x: torch.einsum("oc,chw->ohw", weight(x.device), x)


def share_of_negative(mixed: Tensor, magnitudes: Tensor, terms: int) -> float:
    """The share of pixels at which some channel is below 0 by more than rounding explains.

    The red − green of a grey picture is 0, and half of its pixels come out as −1e-8.
    """
    return float((mixed < -rounding_bound(magnitudes, terms)).any(0).float().mean())
