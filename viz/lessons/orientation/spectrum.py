"""Where filters respond in the Fourier plane: which orientations and frequencies they cover."""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor

from viz.layers.gabor import GaborParameters

SIDE = 65  # frequencies along each axis of the plane, 0 in the middle
HIGHEST = 0.5  # cycles per pixel: finer waves cannot be told from coarser ones on a grid of pixels
OUTLINE_POINTS = 49


class Outline(NamedTuple):
    """The ellipse on which the power of a filter has fallen to a half, around its own frequency.

    Attributes:
        degrees: of the filter's bars.
        right, up: `(OUTLINE_POINTS,)`, cycles per pixel; the last point is the first.
    """

    degrees: float
    right: Tensor
    up: Tensor


def power(kernels: Tensor, right: Tensor, up: Tensor) -> Tensor:
    """The squared magnitude of the kernels' Fourier transform, summed over the kernels.

    Args:
        kernels: `(N, side, side)`.
        right, up: `(n,)` each, cycles per pixel along the rows, and upwards as seen on screen.

    Returns:
        `(n, n)`: the frequencies up[i], right[j] at [i, j].

    >>> kernel = torch.zeros(1, 3, 3)
    >>> kernel[0, 1, 1] = 2
    >>> power(kernel, torch.tensor([0.1, 0.2]), torch.tensor([0.0, 0.3]))
    tensor([[4., 4.],
            [4., 4.]])
    """
    steps = torch.arange(kernels.shape[-1], dtype=torch.float64) - kernels.shape[-1] // 2
    across = torch.exp(-2j * math.pi * steps[:, None] * right.double())
    down = torch.exp(2j * math.pi * up.double()[:, None] * steps)
    found = down @ kernels.to(torch.complex128) @ across
    return found.abs().square().sum(0).float()


def around(kernels: Tensor, wavelength_px: float, directions_degrees: Tensor) -> Tensor:
    """The same along the circle of one wavelength, for bars of some orientations.

    Returns:
        `(n,)`.
    """
    angles = torch.deg2rad(directions_degrees.double())
    # the waves of bars go across them
    places = torch.stack([angles.sin(), -angles.cos()], dim=1) / wavelength_px
    rows = [power(kernels, right[None], up[None])[0, 0] for right, up in places]
    return torch.stack(rows)


def reach(gabor: GaborParameters) -> float:
    """How far the plane has to be shown so that every filter is inside, in cycles per pixel.

    >>> reach(GaborParameters(8, 2, 8.0, 4.0, 25, 1.0))
    0.25
    """
    wide = 2.5 * half_power(gabor.sigma_px) / min(1.0, gabor.aspect)
    far = 1 / gabor.wavelength_px + wide
    return min(HIGHEST, math.ceil(20 * far) / 20)


def half_power(sigma_px: float) -> float:
    """How far from its middle the power of a Gaussian window's transform has fallen to a half."""
    return math.sqrt(math.log(2)) / (2 * math.pi * sigma_px)


def outline(gabor: GaborParameters, at: int, sign: int = 1) -> Outline:
    """The ellipse of one orientation, by the formula; `sign` −1 for the one opposite.

    >>> found = outline(GaborParameters(4, 2, 8.0, 4.0, 25, 1.0), at=2)
    >>> round(float(found.right.mean()), 2), round(abs(float(found.up[:-1].mean())), 2)
    (0.13, 0.0)
    """
    degrees = 180 * at / gabor.orientations
    turn = torch.linspace(0, 2 * math.pi, OUTLINE_POINTS, dtype=torch.float64)
    width = half_power(gabor.sigma_px)
    across = sign / gabor.wavelength_px + width * turn.cos()
    along = width / gabor.aspect * turn.sin()
    angle = math.radians(degrees)
    right = across * math.sin(angle) + along * math.cos(angle)
    up = -across * math.cos(angle) + along * math.sin(angle)
    return Outline(degrees, right, up)


def octaves(gabor: GaborParameters) -> float:
    """The bandwidth: octaves between the two frequencies at which the response has fallen to a half.

    NaN if it never falls that far towards coarse waves.

    Source: De Valois, Albrecht, Thorell 1982, Vision Research 22, for the measure.

    >>> round(octaves(GaborParameters(8, 2, 8.0, 4.0, 25, 1.0)), 2)
    1.14
    """
    half = math.sqrt(2) * half_power(gabor.sigma_px)
    own = 1 / gabor.wavelength_px
    return math.log2((own + half) / (own - half)) if own > half else math.nan
