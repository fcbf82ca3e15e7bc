"""One matrix at every pixel, written in five ways and raced: the same numbers up to rounding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import NamedTuple

import torch
from torch import Tensor, nn

from viz import devices
from viz.lessons.claim import Path, as_it_is, rounding_bound
from viz.lessons.ways import convolution, loop, magnitude, middle, product
from viz.text import Text, text

RUNS = 5


class Way(NamedTuple):
    """One way to write a 1×1 convolution.

    Attributes:
        name: its name.
        sentence: a description.
        function: maps `(C, H, W)` on any device -> the mixed maps `(O, H, W)` there.
        crop: the arriving maps -> the input of `function`: all of them, or a small crop.
    """

    name: str
    sentence: Text
    function: Path
    crop: Path = as_it_is


def five_ways(matrix: Tensor) -> tuple[Way, ...]:
    """Five ways to mix channels by a matrix `(O, C)`; the framework's own convolution is the first.

    >>> maps = torch.rand(3, 20, 30)
    >>> [(way.name, tuple(way.function(way.crop(maps)).shape))
    ...  for way in five_ways(torch.eye(2, 3))][3:]
    [('matmul', (2, 20, 30)), ('loop', (2, 8, 8))]
    """
    return (
        Way("conv2d", text("The framework's convolution."), convolution(matrix)),
        Way("nn.Linear", text("One linear layer, applied to each pixel."), linear(matrix)),
        Way("einsum", text("The sum over channels, written out."), einsum(matrix)),
        Way("matmul", text("One matrix times all pixels as columns."), product(matrix)),
        Way("loop", text("A plain loop over the pixels of a crop."), loop(matrix), middle),
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


@dataclass(frozen=True)
class Raced:
    """The result of one way.

    Attributes:
        way: the way.
        pixels: the number of pixels of its maps.
        difference, bound: the largest difference from the first way on the same pixels, of all
            devices, and the bound of rounding there.
        within: whether every number is within the bound.
        milliseconds: the best of five runs, by the device's title.
    """

    way: Way
    pixels: int
    difference: float
    bound: float
    within: bool
    milliseconds: dict[str, float]


def raced(
    ways: Sequence[Way], matrix: Tensor, maps: Tensor, racing: Sequence[torch.device]
) -> tuple[Raced, ...]:
    """Runs every way on every device, and compares it with the first way.

    Args:
        matrix: `(O, C)` that all of them mix by, zeros included.
        maps: `(C, H, W)` that every way starts from.
        racing: the devices.
    """
    return tuple(_raced(way, ways[0], matrix.cpu(), maps.cpu(), racing) for way in ways)


def _raced(
    way: Way, first: Way, matrix: Tensor, maps: Tensor, racing: Sequence[torch.device]
) -> Raced:
    crop = way.crop(maps)
    allowed = rounding_bound(magnitude(matrix)(crop), matrix.shape[1]).flatten()
    wanted = first.function(crop)
    milliseconds, apart = {}, torch.zeros_like(allowed)
    for device in racing:
        runs = [devices.timed(partial(way.function, crop.to(device)), device) for _ in range(RUNS)]
        milliseconds[devices.title(device)] = min(ms for _, ms in runs)
        apart = torch.maximum(apart, (runs[0][0].cpu() - wanted).abs().flatten())
    worst = int(torch.where(apart == apart.max(), allowed, -1).argmax())
    return Raced(
        way,
        pixels=crop.shape[-2] * crop.shape[-1],
        difference=float(apart[worst]),
        bound=float(allowed[worst]),
        within=bool((apart <= allowed).all()),
        milliseconds=milliseconds,
    )
