"""The Gabor function nearest to a filter, and the share of the filter that it explains."""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor

# Where the search starts: the best of these for each wavelength.
WAVELENGTHS_PX = (2.5, 3.5, 5.0, 8.0, 14.0)
SIGMAS_PX = (1.0, 1.8, 3.2)
ORIENTATIONS = 8
EVERY_PX = 1.5
STEPS = 40
NARROWEST_PX, SHORTEST_PX = 0.6, 2.0  # of a window, and of a wavelength: a grid holds no less
# Rows of the parameters of a Gabor function.
ROW, COLUMN, ANGLE, FREQUENCY, ACROSS, ALONG, EVEN, ODD = range(8)


class GaborFit(NamedTuple):
    """The nearest Gabor function of each of n filters.

    Attributes:
        rows, columns: of its middle, in pixels from the upper left pixel of the filter.
        orientations_degrees: of its bars, as in `gabor_bank`, 0 to 180.
        wavelengths_px: the period of its bars.
        phases_degrees: 0 is bright in the middle, 90 is odd.
        sigmas_across_px, sigmas_along_px: of its window, across the bars and along them.
        kernels: `(n, side, side)`, the functions themselves.
        r_squared: `(n,)`, 1 − Σ (filter − function)² / Σ filter²; NaN for a filter of zeros.
    """

    rows: Tensor
    columns: Tensor
    orientations_degrees: Tensor
    wavelengths_px: Tensor
    phases_degrees: Tensor
    sigmas_across_px: Tensor
    sigmas_along_px: Tensor
    kernels: Tensor
    r_squared: Tensor


def fit_gabors(filters: Tensor) -> GaborFit:
    """Fits a Gabor function to each filter by least squares, with eight parameters.

    g = exp(−u² / (2 s²) − v² / (2 t²)) · (a cos(2π f u) + b sin(2π f u)), u across the bars, v along

    Many Gabor functions are compared with the filter; from the best one of each of five wavelengths
    the steps of Levenberg and Marquardt follow. The middle stays inside the filter and the window
    is between 0.6 px and the side of the filter: one pixel is no Gabor function, nor is a grating
    without end.

    Args:
        filters: `(n, side, side)`, on the CPU.

    Source: Jones and Palmer 1987, J. Neurophysiol. 58(6), for cells of visual cortex.

    >>> from viz.layers.gabor import gabor_bank
    >>> planted = gabor_bank(4, phases=1, wavelength_px=6, sigma_px=2, size_px=13)
    >>> found = fit_gabors(planted)
    >>> found.orientations_degrees.round().tolist(), bool((found.r_squared > 0.99).all())
    ([0.0, 45.0, 90.0, 135.0], True)
    """
    side_px, flat = filters.shape[-1], filters.flatten(1).double()
    norms = flat.norm(dim=1, keepdim=True)
    wanted = flat / norms.clamp(min=1e-30)
    starts = _starts(wanted, side_px)
    ended, errors = _descended(starts.flatten(0, 1), wanted.repeat(len(starts), 1), side_px)
    best = errors.view(len(starts), -1).argmin(0)
    each = torch.arange(len(wanted))
    found = ended.view(len(starts), len(wanted), -1)[best, each]
    errors = errors.view(len(starts), -1)[best, each]
    kernels = (_functions(found, side_px)[0] * norms).view_as(filters)
    return _named(found, kernels, torch.where(norms[:, 0] > 0, 1 - errors, torch.nan))


def _named(found: Tensor, kernels: Tensor, r_squared: Tensor) -> GaborFit:
    """The parameters in degrees and pixels, each in its range."""
    row, column, angle, frequency, across, along, even, odd = found.T
    turned = (angle / math.pi).floor() % 2 == 1  # by 180° the bars are the same, and sin is −sin
    phase = torch.atan2(-torch.where(turned, -odd, odd), even)
    return GaborFit(
        row,
        column,
        angle.rad2deg() % 180,
        1 / frequency,
        phase.rad2deg() % 360,
        across.exp(),
        along.exp(),
        kernels,
        r_squared,
    )


class _Parts(NamedTuple):
    """What a Gabor function and its slopes are made of; all `(n, pixels)`."""

    window: Tensor
    cosine: Tensor
    sine: Tensor
    u: Tensor
    v: Tensor


def _functions(parameters: Tensor, side_px: int) -> tuple[Tensor, _Parts]:
    """`(n, 8)` parameters -> `(n, side²)` functions, and their parts."""
    row, column, angle, frequency, across, along, even, odd = parameters.T[..., None]
    steps = torch.arange(side_px, dtype=parameters.dtype)
    down = steps.repeat_interleave(side_px) - row
    right = steps.repeat(side_px) - column
    u = right * angle.sin() + down * angle.cos()
    v = right * angle.cos() - down * angle.sin()
    window = torch.exp(-0.5 * ((u * torch.exp(-across)) ** 2 + (v * torch.exp(-along)) ** 2))
    wave = 2 * math.pi * frequency * u
    parts = _Parts(window, wave.cos(), wave.sin(), u, v)
    return window * (even * parts.cosine + odd * parts.sine), parts


def _slopes(parameters: Tensor, function: Tensor, parts: _Parts) -> Tensor:
    """The derivatives of the functions by each parameter, `(n, 8, side²)`."""
    _, _, angle, frequency, across, along, even, odd = parameters.T[..., None]
    window, cosine, sine, u, v = parts
    by_wave = 2 * math.pi * window * (odd * cosine - even * sine)
    by_u = frequency * by_wave - u * torch.exp(-2 * across) * function
    by_v = -v * torch.exp(-2 * along) * function
    slopes = {
        ROW: angle.sin() * by_v - angle.cos() * by_u,
        COLUMN: -angle.sin() * by_u - angle.cos() * by_v,
        ANGLE: v * by_u - u * by_v,
        FREQUENCY: u * by_wave,
        ACROSS: (u * torch.exp(-across)) ** 2 * function,
        ALONG: (v * torch.exp(-along)) ** 2 * function,
        EVEN: window * cosine,
        ODD: window * sine,
    }
    return torch.stack([slopes[n] for n in range(len(slopes))], 1)


def _starts(wanted: Tensor, side_px: int) -> Tensor:
    """For each wavelength the Gabor function that explains most of each filter, `(w, n, 8)`."""
    return torch.stack([_start(wanted, side_px, each) for each in WAVELENGTHS_PX])


def _start(wanted: Tensor, side_px: int, wavelength_px: float) -> Tensor:
    places = torch.arange(EVERY_PX / 2, side_px - 1, EVERY_PX, dtype=wanted.dtype)
    angles = torch.arange(ORIENTATIONS, dtype=wanted.dtype) * math.pi / ORIENTATIONS
    sigmas = torch.tensor(SIGMAS_PX, dtype=wanted.dtype).log()
    tried = torch.cartesian_prod(places, places, angles, sigmas)
    frequency = torch.full_like(tried[:, :1], 1 / wavelength_px)
    tried = torch.cat([tried[:, :3], frequency, tried[:, 3:], tried[:, 3:]], 1)
    pair = torch.cat([tried, torch.ones_like(tried[:, :1]), torch.zeros_like(tried[:, :1])], 1)
    _, parts = _functions(pair, side_px)
    cosines, sines = parts.window * parts.cosine, parts.window * parts.sine
    explained, even, odd = _pair_fit(wanted, cosines, sines)
    best = explained.argmax(1, keepdim=True)
    heights = [each.gather(1, best) for each in (even, odd)]
    return torch.cat([tried[best[:, 0]], *heights], 1)


def _pair_fit(wanted: Tensor, cosines: Tensor, sines: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """The least squares of every filter by every pair: what it explains, and its two heights."""
    cc, ss = cosines.square().sum(1), sines.square().sum(1)
    cs = (cosines * sines).sum(1)
    with_cosine, with_sine = wanted @ cosines.T, wanted @ sines.T
    determinant = (cc * ss - cs * cs).clamp(min=1e-9)
    even = (ss * with_cosine - cs * with_sine) / determinant
    odd = (cc * with_sine - cs * with_cosine) / determinant
    return even * with_cosine + odd * with_sine, even, odd


def _descended(parameters: Tensor, wanted: Tensor, side_px: int) -> tuple[Tensor, Tensor]:
    """The parameters at the end of their steps, and the squared errors there."""
    function, parts = _functions(parameters, side_px)
    errors = (wanted - function).square().sum(1)
    damping = torch.full_like(errors, 0.01)
    for _ in range(STEPS):
        slopes = _slopes(parameters, function, parts)
        curvature = slopes @ slopes.mT
        diagonal = curvature.diagonal(dim1=1, dim2=2)
        damped = curvature + torch.diag_embed(damping[:, None] * diagonal + 1e-9)
        downhill = slopes @ (wanted - function)[..., None]
        tried = _inside(parameters + torch.linalg.solve(damped, downhill)[..., 0], side_px)
        now, now_parts = _functions(tried, side_px)
        now_errors = (wanted - now).square().sum(1)
        better = now_errors < errors
        damping = torch.where(better, damping / 4, damping * 4).clamp(1e-9, 1e9)
        errors = torch.where(better, now_errors, errors)
        keep = better[:, None]
        parameters = torch.where(keep, tried, parameters)
        function = torch.where(keep, now, function)
        parts = _Parts(*(torch.where(keep, *each) for each in zip(now_parts, parts, strict=True)))
    return parameters, errors


def _inside(parameters: Tensor, side_px: int) -> Tensor:
    """The parameters, moved into their ranges."""
    row, column, angle, frequency, across, along, even, odd = parameters.T
    last, narrowest, widest = side_px - 1, math.log(NARROWEST_PX), math.log(side_px)
    return torch.stack(
        [
            row.clamp(0, last),
            column.clamp(0, last),
            angle,
            frequency.clamp(1 / (4 * side_px), 1 / SHORTEST_PX),
            across.clamp(narrowest, widest),
            along.clamp(narrowest, widest),
            even,
            odd,
        ],
        1,
    )
