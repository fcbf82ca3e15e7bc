"""Drifting gratings: sinusoidal bars of every orientation, wavelength and phase."""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor


def gratings(
    phases_degrees: Tensor,
    *,
    wavelength_px: float | Tensor,
    orientation_degrees: float | Tensor,
    size_px: int,
) -> Tensor:
    """Sinusoidal bars, one picture for each phase; mean brightness is 0.

    g = cos(2π u / wavelength + phase), u across the bars as in `gabor_bank`

    Args:
        phases_degrees: `(n,)`, floating point.
        wavelength_px: period of the bars in pixels, for all pictures or `(n,)`.
        orientation_degrees: of the bars, counter-clockwise from horizontal as seen on screen; for
            all pictures or `(n,)`.
        size_px: side of the pictures in pixels; u is 0 at the pixel `size_px // 2`.

    Returns:
        `(n, size_px, size_px)`, type and device of the phases.

    >>> gratings(torch.tensor([0.0, 180.0]), wavelength_px=8, orientation_degrees=0, size_px=3)[:, 1, 0]
    tensor([ 1., -1.])
    """
    phases = torch.deg2rad(phases_degrees)[:, None, None]
    angles = torch.deg2rad(_for_each(orientation_degrees, phases))
    steps = torch.arange(size_px, dtype=phases.dtype, device=phases.device) - size_px // 2
    across = steps * angles.sin() + steps[:, None] * angles.cos()
    return torch.cos(2 * math.pi * across / _for_each(wavelength_px, phases) + phases)


def _for_each(value: float | Tensor, like: Tensor) -> Tensor:
    return torch.as_tensor(value, dtype=like.dtype, device=like.device).view(-1, 1, 1)


class Sweep(NamedTuple):
    """Every orientation at every wavelength and in every phase.

    Attributes:
        orientations_degrees: of the bars, each once within 180°; evenly, for sums over them.
        wavelengths_px: periods of the bars in pixels.
        phases_degrees: each once within 360°, evenly: a grating that drifts by one period.
    """

    orientations_degrees: tuple[float, ...]
    wavelengths_px: tuple[float, ...]
    phases_degrees: tuple[float, ...]

    @classmethod
    def evenly(
        cls, orientations: int, wavelengths_px: tuple[float, ...], phases: int = 16
    ) -> Sweep:
        """Orientations evenly over 180° and phases evenly over 360°, from 0° on.

        >>> Sweep.evenly(4, (8.0,), phases=2)[::2]
        ((0.0, 45.0, 90.0, 135.0), (0.0, 180.0))
        """
        return cls(_evenly(180, orientations), wavelengths_px, _evenly(360, phases))

    @property
    def shape(self) -> tuple[int, int, int]:
        """How many wavelengths, orientations and phases: the order of the pictures."""
        return len(self.wavelengths_px), len(self.orientations_degrees), len(self.phases_degrees)

    def pictures(self, size_px: int, which: slice = slice(None), *, like: Tensor) -> Tensor:
        """Gratings, the phases inside, then the orientations, the wavelengths outside.

        Args:
            size_px: side of the pictures.
            which: which of them, counted in this order; all unless given.
            like: they get its type and device.

        Returns:
            `(n, size_px, size_px)`, from −1 to 1.

        >>> Sweep.evenly(4, (6.0, 8.0), phases=2).pictures(9, slice(2, 5), like=torch.zeros(1)).shape
        torch.Size([3, 9, 9])
        """
        axes = (self.wavelengths_px, self.orientations_degrees, self.phases_degrees)
        of_all = torch.cartesian_prod(*(torch.tensor(axis, dtype=torch.float64) for axis in axes))
        wavelengths, orientations, phases = of_all[which].to(like).unbind(-1)
        return gratings(
            phases, wavelength_px=wavelengths, orientation_degrees=orientations, size_px=size_px
        )


def _evenly(turn_degrees: int, steps: int) -> tuple[float, ...]:
    return tuple(turn_degrees * step / steps for step in range(steps))
