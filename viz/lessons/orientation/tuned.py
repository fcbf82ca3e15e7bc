"""Tuning to orientation of three units over the bank: a simple cell, a complex cell, edge strength."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from viz.layers.activation import Square
from viz.layers.gabor import GaborBank, GaborParameters
from viz.layers.pointwise import Pointwise
from viz.layers.recipes import average_rows
from viz.tuning import Sweep, TuningCurve, curve_of, harmonics, modulation_depths, responses

UNITS = ("simple", "complex", "edges")
ANGLES, PHASES = 60, 48  # of the gratings: every 3°, every 7.5°
# A bank of so many orientations repeats after one of their steps: enough to look at one.
WITHIN_A_STEP, PHASES_WITHIN = 8, 8
COUNTS = (2, 3, 4, 5, 6, 8, 10, 12, 16)


def rectified(rectifier: str) -> nn.Module:
    """The layer of a rectifier.

    >>> rectified("relu"), rectified("none")
    (ReLU(), Identity())
    """
    return {"relu": nn.ReLU, "square": Square, "none": nn.Identity}[rectifier]()


def tuned(gabor: GaborParameters, rectifier: str, at: int) -> TuningCurve:
    """The curves of `UNITS`, at the filters' own wavelength.

    Args:
        gabor: the bank.
        rectifier: between the bank and the 1×1; the simple cell always has a ReLU.
        at: which of the bank's orientations the simple and the complex cell read.

    >>> curve = tuned(GaborParameters(8, 2, 10.0, 5.0, 41, 1.0), "square", at=2)
    >>> curve.half_width_degrees.round(decimals=1)                # edge strength has none
    tensor([21.6000, 15.2000,     nan])
    """
    sweep = Sweep.evenly(ANGLES, (gabor.wavelength_px,), PHASES)
    filters = responses(GaborBank(gabor), sweep)
    own = slice(gabor.phases * at, gabor.phases * (at + 1))
    linear, rises = filters[own], rectified(rectifier)(filters)
    units = [linear[:1].relu(), _pooled(rises[own]), _pooled(rises)]
    return curve_of(torch.cat(units), sweep)


def _pooled(filters: Tensor) -> Tensor:
    """The 1×1 that averages all, for responses `(C, wavelengths, orientations, phases)`."""
    layer = Pointwise(average_rows(1, len(filters)))
    return layer(filters.flatten(1)[:, None]).unflatten(-1, filters.shape[1:])[:, 0]


class Ripple(NamedTuple):
    """How much edge strength depends on the orientation of the bars.

    Attributes:
        orientations: of the bank.
        depth: (largest − smallest) / (largest + smallest) over the bars' orientation; 0 forgets it.
    """

    orientations: int
    depth: float


def ripple(gabor: GaborParameters, rectifier: str) -> Ripple:
    """The ripple of one bank.

    >>> ripple(GaborParameters(8, 2, 8.0, 4.0, 25, 1.0), "square").depth < 0.01
    True
    """
    step = 180 / gabor.orientations
    angles = tuple(step * at / WITHIN_A_STEP for at in range(WITHIN_A_STEP))
    sweep = Sweep.evenly(1, (gabor.wavelength_px,), PHASES_WITHIN)
    filters = responses(GaborBank(gabor), sweep._replace(orientations_degrees=angles))
    edges = harmonics(_pooled(rectified(rectifier)(filters))).response
    return Ripple(gabor.orientations, float(modulation_depths(edges.flatten())))


def ripples(gabor: GaborParameters, rectifier: str) -> list[Ripple]:
    """The ripples of banks of few and many orientations, the given bank among them."""
    counts = sorted({*COUNTS, gabor.orientations})
    return [ripple(gabor._replace(orientations=count), rectifier) for count in counts]
