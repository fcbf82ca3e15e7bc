"""Units that read the phases of one filter, while a grating drifts over it.

None of these layers looks sideways. So the responses to gratings of many phases go through them as
if they were the pixels of a map.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from torch import Tensor, nn

from viz.layers.activation import Square
from viz.layers.channel_shuffle import PickChannels
from viz.layers.cross_channel_pooling import PoolChannels
from viz.layers.gabor import GaborBank, GaborParameters
from viz.layers.pointwise import Pointwise
from viz.layers.recipes import average_rows
from viz.tuning import Sweep, harmonics, modulation_depths, responses

PHASES = 4  # of the filter: two quadrature pairs, one minus the other
STEPS = 72  # phases of the grating: every 5°

# Layers from the four phases of a filter to one unit.
UNITS: Mapping[str, Callable[[], nn.Module]] = {
    "simple": lambda: nn.Sequential(PickChannels([0]), nn.ReLU()),
    "two": lambda: nn.Sequential(PickChannels([0, 1]), nn.ReLU(), PoolChannels(2, "max")),
    "four": lambda: nn.Sequential(nn.ReLU(), PoolChannels(PHASES, "max")),
    "rectified": lambda: nn.Sequential(nn.ReLU(), Pointwise(average_rows(1, PHASES))),
    "energy": lambda: nn.Sequential(PickChannels([0, 1]), Square(), Pointwise(average_rows(1, 2))),
    "squared": lambda: nn.Sequential(PickChannels([0]), Square()),
}


class Cell(NamedTuple):
    """What a unit answers while a grating drifts by one wavelength.

    Attributes:
        responses: `(STEPS,)`, never negative.
        modulation_depth: (max − min) / (max + min); NaN for a unit that is silent.
        f1_f0: the amplitude of the first harmonic, divided by the mean; NaN likewise.
    """

    responses: Tensor
    modulation_depth: float
    f1_f0: float


def bank_drifted(gabor: GaborParameters, at: int) -> Tensor:
    """The responses of a whole bank to gratings of one of its orientations and its wavelength.

    Args:
        gabor: the bank.
        at: which of its orientations.

    Returns:
        `(filters, STEPS)`: phases of the grating, 5° apart from 0° on.
    """
    sweep = Sweep.evenly(1, (gabor.wavelength_px,), STEPS)
    sweep = sweep._replace(orientations_degrees=(180 * at / gabor.orientations,))
    return responses(GaborBank(gabor), sweep)[:, 0, 0]


def drifted(gabor: GaborParameters, at: int) -> Tensor:
    """The responses of one filter's phases to gratings of its own orientation and wavelength.

    Args:
        gabor: the bank.
        at: which of its orientations.

    Returns:
        `(4, STEPS)`: phases of the filter, 90° apart, and of the grating, 5° apart from 0° on.

    >>> drifted(GaborParameters(8, 2, 8.0, 4.0, 21, 1.0), at=3).shape
    torch.Size([4, 72])
    """
    of_all = bank_drifted(gabor._replace(phases=PHASES), at)
    return of_all[PHASES * at : PHASES * (at + 1)]


def unit_of(name: str, phases: Tensor) -> Tensor:
    """A unit's map.

    Args:
        name: one of `UNITS`.
        phases: `(4, H, W)`, maps of the four phases of a filter.

    Returns:
        `(H, W)`.
    """
    unit: Tensor = UNITS[name]().to(phases.device)(phases)[0]
    return unit


def cell(name: str, drifting: Tensor) -> Cell:
    """What a unit answers.

    Args:
        name: one of `UNITS`.
        drifting: `(4, STEPS)`, see `drifted`.

    >>> phases = drifted(GaborParameters(8, 2, 8.0, 4.0, 21, 1.0), at=0)
    >>> round(cell("simple", phases).f1_f0, 2), round(cell("four", phases).modulation_depth, 2)
    (1.57, 0.17)
    """
    return measured(unit_of(name, drifting[:, None])[0])


def measured(answers: Tensor) -> Cell:
    """The statistics of a unit's responses, `(STEPS,)`; negative ones count as 0."""
    f0, f1 = harmonics(answers)
    return Cell(answers.relu(), float(modulation_depths(answers)), float(f1 / f0))
