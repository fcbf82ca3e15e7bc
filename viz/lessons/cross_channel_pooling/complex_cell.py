"""Pooling over phases, as in a complex cell, and over orientations."""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor

from viz.layers.cross_channel_pooling import pool_channels
from viz.layers.gabor import gabor_banks
from viz.lessons.bank_of_50 import BANK, OF_AN_ORIENTATION, ORIENTATIONS, PHASES, WAVELENGTHS_PX
from viz.text import Message
from viz.tuning import PhaseSweep, phase_sweep

MIDDLE = len(WAVELENGTHS_PX) // 2  # the wavelength that is shown, of five
# Its phases in the first orientation of the bank, and in the maps of `over_orientations`.
PHASES_OF_MIDDLE = slice(PHASES * MIDDLE, PHASES * (MIDDLE + 1))
WAYS: Mapping[str, Message] = {
    "two": "max of 2 phases",
    "four": "max of 4 phases",
    "energy": "mean of squares",
}


def over_phases(maps: Tensor) -> Tensor:
    """Pools both phases of each filter: maps become invariant to the exact position of a bar.

    energy = mean of the squares of the phases 0° and 90°

    Args:
        maps: `(50, H, W)`, the maps of the bank.

    Returns:
        `(25, H, W)`, orientation after orientation, the wavelengths inside.

    >>> import torch
    >>> one = torch.zeros(50, 1, 1)
    >>> one[0] = -2.0
    >>> float(over_phases(one)[0])
    2.0
    """
    return pool_channels(maps.square(), PHASES, mode="mean")


def over_orientations(maps: Tensor) -> Tensor:
    """Pools the orientations of each wavelength and phase: maps become invariant to orientation.

    Args:
        maps: `(50, H, W)`, the maps of the bank.

    Returns:
        `(10, H, W)`, the largest over the five orientations; wavelengths, the phases inside.

    >>> import torch
    >>> over_orientations(torch.arange(50.0).view(50, 1, 1)).flatten()[:3]
    tensor([40., 41., 42.])
    """
    return maps.unflatten(-3, (ORIENTATIONS, OF_AN_ORIENTATION)).amax(-4)


def phases_swept(steps: int = 72) -> PhaseSweep:
    """A phase sweep for the filters of the bank's middle wavelength, see `phase_sweep`.

    >>> sweep = phases_swept()
    >>> {method: round(depth, 2) for method, depth in sweep.modulation_depth.items()}
    {'two': 1.0, 'four': 0.17, 'energy': 0.0}
    """
    wavelength_px = WAVELENGTHS_PX[MIDDLE]
    kernels = gabor_banks(BANK.orientations, phases=4, wavelengths_px=(wavelength_px,))
    return phase_sweep(kernels[:4], wavelength_px, steps=steps)
