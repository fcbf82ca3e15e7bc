"""Claims about layers, shared by the lessons that have them.

In each function `given` is the chain of stages before the layer.
"""

from __future__ import annotations

from collections.abc import Callable

import torch.nn.functional as F
from torch import Tensor, nn

from viz.lessons.claim import Claim
from viz.lessons.ways import (
    blurred_convolution,
    convolution,
    loop,
    magnitude,
    middle,
    product,
    subsampled,
)
from viz.text import text


def pointwise_claims(given: nn.Module, matrix: Tensor, *, swapped: bool) -> list[Claim]:
    """The claims that a 1×1 is one matrix product at every pixel, also as a plain loop over a crop.

    Args:
        given: the stages before it.
        matrix: `(O, C)`.
        swapped: whether a 3×3 replaces it, which is not a product at every pixel.
    """
    first = "A 1×1 convolution is one matrix product at every pixel."
    if swapped:
        first = "A 3×3 convolution in its place is not: it also reads the neighbours."
    mixed = blurred_convolution(matrix) if swapped else convolution(matrix)
    rest = magnitude(matrix), matrix.shape[1]
    return [
        Claim(
            *(first, mixed, product(matrix), not swapped, given, *rest),
            methods=("conv2d 3×3" if swapped else "conv2d 1×1", "matrix product"),
        ),
        Claim(
            "A plain loop over the pixels of a crop gives the same.",
            product(matrix),
            loop(matrix),
            True,
            lambda pixels: middle(given(pixels)),
            *rest,
            methods=("matrix product", "loop in Python"),
        ),
    ]


def strided_claim(given: nn.Module, matrix: Tensor, stride: int) -> Claim:
    """The claim that a strided 1×1 drops pixels first and mixes the channels of the rest."""
    return Claim(
        "A strided 1×1 is subsampling, then a 1×1.",
        convolution(matrix, stride),
        subsampled(matrix, stride),
        True,
        given,
        magnitude(matrix, stride),
        matrix.shape[1],
        methods=(text("conv2d of stride {stride}", stride=stride), "subsampled, then 1×1"),
    )


def pooling_claim(given: nn.Module, group: int, mode: str) -> Claim:
    """The claim that a pool over channels, `max` or `mean`, is a reduction of a reshaped axis."""
    over_channels: Callable[..., Tensor] = F.max_pool3d if mode == "max" else F.avg_pool3d

    def reshaped(x: Tensor) -> Tensor:
        groups = x.reshape(-1, group, *x.shape[1:])
        return groups.amax(1) if mode == "max" else groups.mean(1)

    sentence = {
        "max": text("Cross-channel max is a reshape and a max over one axis."),
        "mean": text("Cross-channel mean is a reshape and a mean over one axis."),
    }[mode]
    by_axis = text("reshape and max") if mode == "max" else text("reshape and mean")
    return Claim(
        sentence,
        lambda x: over_channels(x[None, None], (group, 1, 1))[0, 0],
        reshaped,
        True,
        given,
        None if mode == "max" else lambda x: reshaped(x.abs()),
        group,
        methods=("max_pool3d" if mode == "max" else "avg_pool3d", by_axis),
    )
