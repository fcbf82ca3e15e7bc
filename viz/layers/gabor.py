"""Gabor filters: bars of one orientation, width and phase in a Gaussian window."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from viz.layers.filter_bank import FilterBank


def gabor_bank(
    orientations: int,
    *,
    phases: int,
    wavelength_px: float,
    sigma_px: float,
    size_px: int,
    aspect: float = 1.0,
    first_phase_degrees: float = 0.0,
) -> Tensor:
    """A bank of Gabor filters, orientations evenly over 180°, phases in steps of 90°.

    Orientation is that of the **bars**, in degrees, counter-clockwise from horizontal as seen on
    screen. Channel o*phases + p has orientation 180°·o / orientations and a phase 90°·p after the
    first; phase 0° is even and bright in the middle.

    g = exp(−(u² + (v / aspect)²) / (2 sigma²)) · cos(2π u / wavelength + phase), u across the
    bars and v along them; then the window's share of the mean is taken off and the norm made 1.

    Args:
        orientations: at least 1.
        phases: 1 to 4.
        wavelength_px: period of the bars in pixels, above 2.
        sigma_px: standard deviation of the window across the bars, in pixels.
        size_px: side of the kernel in pixels, odd.
        aspect: length of the window along the bars divided by its width across them.
        first_phase_degrees: of the first filter of every orientation.

    Returns:
        `(orientations*phases, size_px, size_px)` float32, zero mean, unit L2 norm.

    Raises:
        ValueError: if the size is not odd, a length is not positive, the period is too short
            for a pixel grid, or there are more than four phases.

    Source: Daugman 1985, J. Opt. Soc. Am. A 2(7), eq. 1, the window rotated with the bars.

    >>> bank = gabor_bank(4, phases=2, wavelength_px=8, sigma_px=4, size_px=21)
    >>> bank.shape, bool(bank.sum((1, 2)).abs().max() < 1e-5)
    (torch.Size([8, 21, 21]), True)
    """
    if size_px < 1 or size_px % 2 == 0:
        raise ValueError(f"the size of a kernel must be odd, not {size_px} px")
    if min(wavelength_px, sigma_px, aspect) <= 0 or orientations < 1 or phases < 1:
        raise ValueError("orientations, phases, wavelength, sigma and aspect must be positive")
    if phases > 4:
        raise ValueError(f"phases of 90° must be at most 4, not {phases}")
    if wavelength_px <= 2:
        raise ValueError(f"the wavelength must be above 2 px, not {wavelength_px} px")
    steps = torch.arange(size_px, dtype=torch.float64) - size_px // 2
    row, column = torch.meshgrid(steps, steps, indexing="ij")
    angle = math.pi / orientations * torch.arange(orientations).double()[:, None, None, None]
    phase = math.pi / 2 * (torch.arange(phases).double()[:, None, None] + first_phase_degrees / 90)
    across = column * angle.sin() + row * angle.cos()
    along = column * angle.cos() - row * angle.sin()
    window = torch.exp(-(across**2 + (along / aspect) ** 2) / (2 * sigma_px**2))
    bars = window * torch.cos(2 * math.pi * across / wavelength_px + phase)
    bars = bars - window * (bars.sum((-2, -1), True) / window.sum((-2, -1), True))
    norms = bars.square().sum((-2, -1), True).sqrt().clamp(min=1e-6)
    return (bars / norms).flatten(0, 1).float()


def window_px(wavelength_px: float) -> tuple[float, int]:
    """Sigma and size of a round window in proportion to the wavelength.

    Sigma is wavelength / 2 and the kernel has 2·ceil(2.5·sigma) + 1 pixels; at its border the
    window has fallen to 4 %.

    >>> window_px(8.0)
    (4.0, 21)
    """
    sigma_px = wavelength_px / 2
    return sigma_px, 2 * math.ceil(2.5 * sigma_px) + 1


def gabor_banks(orientations: int, *, phases: int, wavelengths_px: tuple[float, ...]) -> Tensor:
    """Banks of several wavelengths as one: fine and coarse bars of every orientation.

    Windows are those of `window_px`; smaller kernels are padded with zeros to a common size.
    Channel (o * wavelengths + w) * phases + p has orientation o, wavelength w and phase p, so that
    channels that differ only in orientation are wavelengths * phases apart.

    Args:
        orientations: at least 1, evenly over 180°.
        phases: 1 to 4, in steps of 90°.
        wavelengths_px: periods of the bars in pixels, each above 2.

    Returns:
        `(orientations * wavelengths * phases, size, size)` float32; zero mean and unit L2 norm each.

    Raises:
        ValueError: as `gabor_bank`.

    >>> gabor_banks(5, phases=2, wavelengths_px=(4, 8)).shape
    torch.Size([20, 21, 21])
    """
    largest_px = max(window_px(each)[1] for each in wavelengths_px)
    banks = []
    for wavelength_px in wavelengths_px:
        sigma_px, size_px = window_px(wavelength_px)
        bank = gabor_bank(
            orientations,
            phases=phases,
            wavelength_px=wavelength_px,
            sigma_px=sigma_px,
            size_px=size_px,
        )
        bank = F.pad(bank, [(largest_px - size_px) // 2] * 4)
        banks.append(bank.unflatten(0, (orientations, phases)))
    return torch.stack(banks, dim=1).flatten(0, 2)


class GaborParameters(NamedTuple):
    """The arguments of `gabor_bank`, by name."""

    orientations: int
    phases: int
    wavelength_px: float
    sigma_px: float
    size_px: int
    aspect: float
    first_phase_degrees: float = 0.0

    @classmethod
    def of_wavelength(cls, orientations: int, phases: int, wavelength_px: float) -> GaborParameters:
        """With the window of `window_px`.

        >>> GaborParameters.of_wavelength(4, 2, 8.0)[3:6]
        (4.0, 21, 1.0)
        """
        return cls(orientations, phases, wavelength_px, *window_px(wavelength_px), 1.0)

    def kernels(self) -> Tensor:
        """The bank of these arguments."""
        return gabor_bank(**self._asdict())


class GaborBanksParameters(NamedTuple):
    """The arguments of `gabor_banks`, by name."""

    orientations: int
    phases: int
    wavelengths_px: tuple[float, ...]

    def kernels(self) -> Tensor:
        """The banks of these arguments; cached because no slider changes them."""
        return _kept(self).clone()  # a copy, which can also be used with gradients


@lru_cache(maxsize=4)
def _kept(parameters: GaborBanksParameters) -> Tensor:
    return gabor_banks(**parameters._asdict())


class GaborBank(FilterBank):
    """A bank of Gabor filters.

    Args:
        parameters: of the kernels.
        inside_every_px: see `FilterBank`.

    >>> bank = GaborParameters(4, 2, 8.0, 4.0, 21, 1.0)
    >>> GaborBank(bank)(torch.zeros(1, 30, 40)).shape
    torch.Size([8, 30, 40])
    >>> GaborBank(bank, inside_every_px=4)(torch.zeros(1, 30, 40)).shape
    torch.Size([8, 3, 5])
    """

    def __init__(
        self, parameters: GaborParameters | GaborBanksParameters, inside_every_px: int = 0
    ) -> None:
        super().__init__(parameters.kernels(), inside_every_px=inside_every_px)
        self.gabor = parameters
