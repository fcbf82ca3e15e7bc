"""Tuning to orientation: the curve of every channel and its statistics."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from viz.tuning.half_width import half_widths_degrees
from viz.tuning.modulation import harmonics, modulation_depths
from viz.tuning.screen import SCREEN, Screen, responses
from viz.tuning.sweeps import Sweep

# Half octaves around 10 px.
WAVELENGTHS_PX = (2.5, 3.5, 5.0, 7.1, 10.0, 14.1, 20.0, 28.3)
PHASES = 32
SILENT_BELOW = 1e-5


@dataclass(frozen=True)
class TuningCurve:
    """How every channel of a layer answers to bars of every orientation.

    R is the larger of F0 and F1 of the half-rectified response, see `Harmonics`; so it is never
    negative. A silent channel has no statistics: they are NaN.

    Attributes:
        orientations_degrees: `(o,)`, of the bars, as they were given.
        response: `(channels, o)`, R at the channel's preferred wavelength.
        preferred_degrees: `(channels,)`, of the bars, from 0° up to 180°: half the angle of
            Σ R e^{2iθ}.
        half_width_degrees: `(channels,)`, half the width of the curve at half its height,
            interpolated; NaN too if the curve never falls that far.
        selectivity: `(channels,)`, |Σ R e^{2iθ}| / Σ R: 0 if all orientations are equal, 1 if it
            answers to a single one.
        preferred_wavelength_px: `(channels,)`, the one with the largest R.
        f1_f0: `(channels,)`, at the orientation and wavelength with the largest R: π/2 for a
            half-rectified linear filter.
        modulation_depth: `(channels,)`, (max − min) / (max + min) over phase, there too.
        is_silent: `(channels,)`, whether no grating makes it answer.
    """

    orientations_degrees: Tensor
    response: Tensor
    preferred_degrees: Tensor
    half_width_degrees: Tensor
    selectivity: Tensor
    preferred_wavelength_px: Tensor
    f1_f0: Tensor
    modulation_depth: Tensor
    is_silent: Tensor


def tuning_curve(
    layer: nn.Module,
    orientations_degrees: Sequence[float] | Tensor,
    *,
    wavelengths_px: Sequence[float] = WAVELENGTHS_PX,
    phases: int = PHASES,
    screen: Screen = SCREEN,
    silent_below: float = SILENT_BELOW,
) -> TuningCurve:
    """Shows drifting gratings to a layer, and reads off the unit in the middle of every channel.

    Args:
        layer: any layer or network in evaluation mode, see `responses`.
        orientations_degrees: at least three, of the bars, evenly over 180°.
        wavelengths_px: periods of the bars in pixels, each above 2.
        phases: how many, evenly over 360°.
        screen: channels, mean, contrast and size of the pictures.
        silent_below: a channel whose R is nowhere larger is silent.

    Raises:
        ValueError: if there are fewer than three orientations, or as `responses`.

    Source: Ringach, Shapley, Hawken 2002, J. Neurosci. 22(13), for selectivity (1 − the circular
    variance).

    >>> from viz.layers.gabor import GaborBank, GaborParameters
    >>> bank = GaborBank(GaborParameters(4, 1, 10.0, 5.0, 31, 1.0))
    >>> curve = tuning_curve(bank, range(0, 180, 5))
    >>> curve.preferred_degrees.round(), curve.half_width_degrees.round()
    (tensor([  0.,  45.,  90., 135.]), tensor([22., 22., 22., 22.]))
    """
    sweep = Sweep.evenly(1, tuple(map(float, wavelengths_px)), phases)
    sweep = sweep._replace(orientations_degrees=tuple(map(float, orientations_degrees)))
    _expect_enough(sweep)
    return curve_of(responses(layer, sweep, screen), sweep, silent_below=silent_below)


def curve_of(responses: Tensor, sweep: Sweep, *, silent_below: float = SILENT_BELOW) -> TuningCurve:
    """The curves of responses that are known.

    Args:
        responses: `(channels, wavelengths, orientations, phases)`, see `responses`.
        sweep: the gratings that they answer.
        silent_below: see `tuning_curve`.

    Raises:
        ValueError: if there are fewer than three orientations, or the shapes differ.
    """
    _expect_enough(sweep)
    if responses.shape[1:] != sweep.shape:
        raise ValueError(
            f"responses of {tuple(responses.shape)} are not (channels, wavelengths, orientations, "
            f"phases) of {sweep.shape} gratings"
        )
    strength = harmonics(responses).response
    preferred = strength.flatten(2).amax(2).argmax(1)
    at_preferred = _picked(responses, preferred)
    response = _picked(strength, preferred)
    drifting = _picked(at_preferred, response.argmax(1))
    silent = response.amax(1) <= silent_below
    orientations = torch.tensor(sweep.orientations_degrees).to(response)
    wavelengths = torch.tensor(sweep.wavelengths_px).to(response)
    preferred_degrees, selectivity = _vector(response, orientations)
    f0, f1 = harmonics(drifting)
    statistics = {
        "preferred_degrees": preferred_degrees,
        "half_width_degrees": half_widths_degrees(response, orientations),
        "selectivity": selectivity,
        "preferred_wavelength_px": wavelengths[preferred],
        "f1_f0": f1 / f0,
        "modulation_depth": modulation_depths(drifting),
    }
    known = {name: each.masked_fill(silent, math.nan) for name, each in statistics.items()}
    return TuningCurve(orientations, response, **known, is_silent=silent)


def _expect_enough(sweep: Sweep) -> None:
    if len(sweep.orientations_degrees) < 3:
        raise ValueError(
            f"a curve needs at least three orientations, not {sweep.orientations_degrees}"
        )


def _picked(values: Tensor, at: Tensor) -> Tensor:
    """`(channels, n, ...)` and an index for each channel -> `(channels, ...)`."""
    index = at.view(-1, *[1] * (values.ndim - 1)).expand(-1, 1, *values.shape[2:])
    return values.gather(1, index).squeeze(1)


def _vector(response: Tensor, orientations_degrees: Tensor) -> tuple[Tensor, Tensor]:
    """Half the angle of Σ R e^{2iθ} in degrees, and its length as a share of Σ R."""
    double = 2 * torch.deg2rad(orientations_degrees)
    cosine, sine = (response * double.cos()).sum(1), (response * double.sin()).sum(1)
    angle = torch.rad2deg(torch.atan2(sine, cosine)) / 2 % 180
    angle = angle.where(angle < 180 - 1e-3, 0.0)  # rounding must not make 180° of 0°
    return angle, torch.hypot(cosine, sine) / response.sum(1)
