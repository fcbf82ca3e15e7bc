"""A 1×1 on top of a bank that gathers the filters of like orientation."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from viz.layers.activation import Square
from viz.layers.filter_bank import FilterBank
from viz.layers.pointwise import Pointwise
from viz.tuning import TuningCurve, tuning_curve

ORIENTATIONS = (0.0, 45.0, 90.0, 135.0)  # of bars, of which the 1×1 has a row each
SWEPT = tuple(float(each) for each in range(0, 180, 10))
WAVELENGTHS_PX = (3.5, 5.0, 7.1, 10.0)
PHASES = 8
ORIENTED = 0.3  # the least selectivity of a filter that is gathered


@dataclass(frozen=True, eq=False)
class Gathered:
    """Filters, and the 1×1 that gathers them.

    Attributes:
        kernels: `(n, side, side)`.
        of_filters: their tuning to orientation.
        rows: `(4, n)`: each row is the mean of the filters nearest to its orientation; zeros if
            there is none.
    """

    kernels: Tensor
    of_filters: TuningCurve
    rows: Tensor

    @property
    def network(self) -> nn.Sequential:
        """Filters, their squares, and the 1×1."""
        bank = FilterBank(self.kernels)
        layers = {"bank": bank, "square": Square(), "gather": Pointwise(self.rows)}
        return nn.Sequential(OrderedDict[str, nn.Module](layers))

    def members(self, row: int) -> list[int]:
        """The filters that a row gathers."""
        members: list[int] = self.rows[row].nonzero().flatten().tolist()
        return members


def gathered(kernels: Tensor) -> Gathered:
    """Measures the filters' tuning and sorts them into rows.

    Args:
        kernels: `(n, side, side)`.

    >>> from viz.layers.gabor import gabor_bank
    >>> bars = gabor_bank(4, phases=2, wavelength_px=5, sigma_px=2, size_px=13)
    >>> [gathered(bars).members(row) for row in range(4)]
    [[0, 1], [2, 3], [4, 5], [6, 7]]
    """
    tuned = tuned_to(FilterBank(kernels))
    return Gathered(kernels, tuned, rows_of(tuned, ORIENTATIONS))


def tuned_to(layer: nn.Module) -> TuningCurve:
    """The tuning to orientation of a bank, or of layers on top of it."""
    return tuning_curve(layer, SWEPT, wavelengths_px=WAVELENGTHS_PX, phases=PHASES)


def rows_of(tuned: TuningCurve, orientations: Sequence[float]) -> Tensor:
    """The rows of the 1×1, `(orientations, n)`."""
    wanted = torch.tensor(orientations)[:, None]
    apart = (tuned.preferred_degrees.nan_to_num() - wanted + 90).remainder(180).sub(90).abs()
    nearest = apart == apart.amin(0)
    taken = nearest & (tuned.selectivity.nan_to_num() >= ORIENTED)
    first = taken & (taken.cumsum(0) == 1)  # one halfway between two belongs to the first
    return first / first.sum(1, keepdim=True).clamp(min=1)
