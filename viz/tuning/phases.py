"""Three methods of pooling over phases, and how much they depend on the phase of a grating."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from viz.tuning.sweeps import gratings


def modulation_depth(responses: Tensor) -> float:
    """How much a response varies over a sweep: 0 is not at all, 1 is down to zero.

    depth = (max − min) / (max + min), for responses that are never negative

    Args:
        responses: `(n,)`.

    Raises:
        ValueError: if a response is negative, or all are 0: a silent unit has no depth.

    >>> modulation_depth(torch.tensor([1.0, 3.0]))
    0.5
    """
    low, high = float(responses.min()), float(responses.max())
    if low < 0 or high == 0:
        raise ValueError(f"responses from {low:g} to {high:g} have no modulation depth")
    return (high - low) / (high + low)


@dataclass(frozen=True)
class PhaseSweep:
    """Responses of three methods of pooling over phases, for a grating of every phase.

    Attributes:
        phases_degrees: `(n,)`, the grating's phases.
        responses: `(n,)` for each method, as a share of its largest: `two` is the max over the
            half-rectified phases 0° and 90°, `four` over 0°, 90°, 180° and 270°, `energy` the mean
            of the squares of 0° and 90°.
        modulation_depth: of each method, see `modulation_depth`.
    """

    phases_degrees: Tensor
    responses: dict[str, Tensor]
    modulation_depth: dict[str, float]


def phase_sweep(
    kernels: Tensor, wavelength_px: float, *, orientation_degrees: float = 0.0, steps: int = 72
) -> PhaseSweep:
    """Sweeps a grating of the filters' own wavelength and orientation through its phase.

    In closed form, with the phase φ: two = max(0, cos φ, sin φ), depth 1; four =
    max(|cos φ|, |sin φ|), depth (1 − √½) / (1 + √½) = 0.172; energy is constant, depth 0. Filters
    of pixels come close: their even phase has had its mean taken off and both were given norm 1,
    so the two phases are not quite equally strong, and the energy keeps a depth of about 0.002.

    Args:
        kernels: `(4, size, size)`, the phases 0°, 90°, 180° and 270° of one filter.
        wavelength_px, orientation_degrees: the filter's own.
        steps: how many phases, evenly over 360°.

    Raises:
        ValueError: if there are not four kernels.

    Source: Adelson, Bergen 1985, J. Opt. Soc. Am. A 2(2), for the energy.

    >>> from viz.layers.gabor import gabor_bank
    >>> bank = gabor_bank(1, phases=4, wavelength_px=8, sigma_px=4, size_px=21)
    >>> {method: round(depth, 2) for method, depth in phase_sweep(bank, 8).modulation_depth.items()}
    {'two': 1.0, 'four': 0.17, 'energy': 0.0}
    """
    if kernels.ndim != 3 or len(kernels) != 4:
        raise ValueError(f"four phases of a filter are {tuple(kernels.shape)}")
    phases = torch.arange(steps, device=kernels.device, dtype=kernels.dtype) * (360 / steps)
    shown = gratings(
        phases,
        wavelength_px=wavelength_px,
        orientation_degrees=orientation_degrees,
        size_px=kernels.shape[-1],
    )
    linear = torch.einsum("khw,nhw->kn", kernels, shown)
    rectified = linear.relu()
    responses = {
        "two": rectified[:2].amax(0),
        "four": rectified.amax(0),
        "energy": linear[:2].square().mean(0),
    }
    return PhaseSweep(
        phases,
        {method: each / each.max() for method, each in responses.items()},
        {method: modulation_depth(each) for method, each in responses.items()},
    )
