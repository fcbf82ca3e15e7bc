"""The units of `cells` on a picture, and on its negative: do dark bars count as bright ones do?"""

from __future__ import annotations

import math
from typing import NamedTuple

from torch import Tensor

from viz.layers.correlation import correlate
from viz.layers.gabor import GaborParameters
from viz.layers.pointwise import mix_channels
from viz.layers.recipes import grey_rows
from viz.lessons.agreement import correlation
from viz.lessons.orientation.cells import PHASES, unit_of

FLAT = 1e-4  # a filter that answers with less sees no bars in the picture, only rounding


class Polarity(NamedTuple):
    """A unit on a picture and on its negative.

    Attributes:
        maps: `(H, W)`, of the picture.
        negative: `(H, W)`, of 1 − picture.
        correlation: of both over all pixels: 1 if dark and bright count alike; NaN if the picture
            shows no bars.
    """

    maps: Tensor
    negative: Tensor
    correlation: float


def phases_on(pixels: Tensor, gabor: GaborParameters, at: int) -> Tensor:
    """The maps of one filter's four phases, `(4, H, W)`, on the brightness of `(3, H, W)`."""
    brightness = mix_channels(pixels, grey_rows(1).to(pixels.device))
    kernels = gabor._replace(phases=PHASES).kernels()[PHASES * at : PHASES * (at + 1)]
    return correlate(brightness, kernels.to(pixels.device))


def polarity(name: str, phases: Tensor, negative: Tensor) -> Polarity:
    """A unit on both.

    Args:
        name: one of `cells.UNITS`.
        phases, negative: `(4, H, W)`, see `phases_on`, for the picture and for its negative.

    >>> import torch
    >>> phases = torch.tensor([1.0, 2.0, -1.0, -2.0]).view(4, 1, 1) * torch.tensor([[[3.0, -1.0]]])
    >>> polarity("simple", phases, -phases).maps
    tensor([[3., 0.]])
    >>> round(polarity("energy", phases, -phases).correlation, 6)
    1.0
    """
    seen = float(phases.abs().max()) > FLAT
    return compared(unit_of(name, phases), unit_of(name, negative), seen=seen)


def compared(maps: Tensor, negative: Tensor, *, seen: bool) -> Polarity:
    """Two maps `(H, W)`, and their correlation if the filters saw any bars."""
    return Polarity(maps, negative, correlation(maps[None], negative[None]) if seen else math.nan)
