"""How many learned filters are Gabor functions, by source and seed."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from viz.training.filter_variants import GOOD_FIT, share_above
from viz.training.gabor_fit import GaborFit, fit_gabors
from viz.training.shipped_filters import SEEDS, shipped
from viz.tuning import tuning_curve

FITTED_AT_ONCE = 16  # filters, some tens of milliseconds
ORIENTATIONS = 24
WAVELENGTHS_PX = (2.5, 3.5, 5.0, 7.1, 10.0, 14.1, 20.0)


class Fits(NamedTuple):
    """What is known of some filters.

    Attributes:
        filters: `(n, side, side)`.
        gabors: their nearest Gabor functions.
        selectivity: `(n,)`, to orientation, see `TuningCurve`.
    """

    filters: Tensor
    gabors: GaborFit
    selectivity: Tensor

    @property
    def good(self) -> int:
        """How many of them are Gabor-like."""
        return int((self.gabors.r_squared > GOOD_FIT).sum())

    @property
    def order(self) -> Tensor:
        """Their places from the best fit to the worst."""
        return self.gabors.r_squared.argsort(descending=True, stable=True)


def fitted(filters: Tensor) -> Generator[None, None, Fits]:
    """Fits Gabor functions and measures the tuning, with pauses.

    Args:
        filters: `(n, side, side)` on the CPU.
    """
    found: list[GaborFit] = []
    for few in filters.split(FITTED_AT_ONCE):
        found.append(fit_gabors(few))
        yield
    gabors = GaborFit(*(torch.cat(each) for each in zip(*found, strict=True)))
    return Fits(filters, gabors, selectivity(filters))


def selectivity(filters: Tensor) -> Tensor:
    """To the orientation of gratings, each filter at its preferred wavelength.

    Args:
        filters: `(n, side, side)`.

    Returns:
        `(n,)` from 0 to 1.
    """
    with torch.device("meta"):
        layer = nn.Conv2d(1, len(filters), filters.shape[-1], bias=False)
    layer.weight = nn.Parameter(filters[:, None], requires_grad=False)
    angles = torch.arange(ORIENTATIONS) * 180 / ORIENTATIONS
    return tuning_curve(layer, angles, wavelengths_px=WAVELENGTHS_PX).selectivity


def shares(source: str, method: str, least: float = GOOD_FIT) -> list[float]:
    """The share of Gabor-like filters for each shipped seed."""
    fits = shipped().r_squared
    return [share_above(fits[source, method, seed], least) for seed in SEEDS]


def shares_above(source: str, method: str, limits: Sequence[float]) -> list[float]:
    """The mean share over the seeds, for each limit of R²."""
    return [sum(shares(source, method, each)) / len(SEEDS) for each in limits]
