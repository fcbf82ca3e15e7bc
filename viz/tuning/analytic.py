"""Orientation tuning of a Gabor filter in closed form."""

from __future__ import annotations

import math

import torch
from torch import Tensor


def gabor_response(
    offsets_degrees: Tensor,
    *,
    wavelength_px: float,
    sigma_px: float,
    aspect: float = 1.0,
    grating_px: float | None = None,
) -> Tensor:
    """The largest response over phase to a grating turned away from the filter, 1 at its own.

    exp(−2π² sigma² ((f cos δ − g)² + (aspect · f sin δ)²)), with g = 1 / wavelength of the filter and
    f that of the grating; at the filter's own frequency and a round window this is
    exp(−8π² sigma² f² sin²(δ / 2)). It is the Fourier transform of the filter: a Gaussian around its
    frequency. The one around minus that frequency is left out, which adds no more than
    exp(−2π² sigma² g²) across the bars: under 1 % from sigma = wavelength / 2 on.

    Args:
        offsets_degrees: δ, from the filter's orientation to that of the grating; any shape.
        wavelength_px, sigma_px, aspect: those of `gabor_bank`.
        grating_px: the period of the grating; the filter's own unless given.

    Source: Daugman 1985, J. Opt. Soc. Am. A 2(7), eq. 2.

    >>> gabor_response(torch.tensor([0.0, 21.6]), wavelength_px=10, sigma_px=5).round(decimals=2)
    tensor([1.0000, 0.5000])
    """
    offset = torch.deg2rad(offsets_degrees)
    own, shown = 1 / wavelength_px, 1 / (grating_px or wavelength_px)
    across = shown * offset.cos() - own
    along = aspect * shown * offset.sin()
    return torch.exp(-2 * (math.pi * sigma_px) ** 2 * (across.square() + along.square()))


def gabor_half_width_degrees(
    *, wavelength_px: float, sigma_px: float, aspect: float = 1.0, power: int = 1
) -> float:
    """How far from its orientation the response of a Gabor filter has fallen to one half.

    For a round window 2 · arcsin √(ln 2 / (8π² sigma² f² power)). NaN if it never falls that far.

    Args:
        wavelength_px, sigma_px, aspect: those of `gabor_bank`.
        power: 1 for the response, 2 for its square, the energy.

    >>> round(gabor_half_width_degrees(wavelength_px=10, sigma_px=5), 1)
    21.6
    >>> round(gabor_half_width_degrees(wavelength_px=10, sigma_px=5, power=2), 1)
    15.2
    """
    # (1 − c)² + aspect² (1 − c²) = fallen, for c = cos δ
    fallen = math.log(2) * wavelength_px**2 / (2 * (math.pi * sigma_px) ** 2 * power)
    curved = 1 - aspect**2
    if abs(curved) < 1e-9:
        cosine = 1 - fallen / 2
    else:
        inside = 1 - curved * (2 - curved - fallen)
        cosine = (1 - math.sqrt(inside)) / curved if inside >= 0 else math.nan
    return math.degrees(math.acos(cosine)) if cosine >= 0 else math.nan
