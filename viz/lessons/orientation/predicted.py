"""What the questions about oriented filters measure."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from viz.layers.correlation import correlate
from viz.layers.gabor import GaborBank, GaborParameters
from viz.layers.pointwise import mix_channels
from viz.layers.recipes import grey_rows
from viz.lessons.orientation.cells import Cell
from viz.lessons.orientation.direction import energies
from viz.tuning import tuning_curve

ROUNDING = 1e-4  # of the largest number of the maps
STEADY = 0.2  # the modulation below which a unit is steady
ANGLES, PHASES = 30, 8  # of the gratings that tuning is measured with


def compared(now: Tensor, then: Tensor) -> str:
    """Whether maps stay the `same`, change their `sign`, or become `other` maps."""
    rounding = ROUNDING * float(now.abs().max())
    if bool(((now - then).abs() <= rounding).all()):
        return "same"
    return "sign" if bool(((now + then).abs() <= rounding).all()) else "other"


def rhythm(found: Cell) -> str | None:
    """How often an answer rises while a grating drifts by one wavelength; None if it is neither."""
    swings = torch.fft.rfft(found.responses.double()).abs()
    if found.modulation_depth < STEADY:
        return "steady"
    return {1: "once", 2: "twice"}.get(1 + int(swings[1:].argmax()))


def halfway(pixels: Tensor, gabor: GaborParameters) -> Tensor:
    """The energy of the second orientation of a bank of twice as many, `(H, W)`."""
    kernels = gabor._replace(orientations=2 * gabor.orientations).kernels()
    own = kernels[gabor.phases : 2 * gabor.phases].to(pixels.device)
    maps = correlate(mix_channels(pixels, grey_rows(1).to(pixels.device)), own)
    return energies(maps, gabor.phases)[0]


def half_width(gabor: GaborParameters) -> float:
    """The half-width of the tuning curve of one filter, in degrees; NaN if it never falls so far."""
    layer: nn.Module = GaborBank(gabor._replace(orientations=1, phases=1))
    angles = [180 * n / ANGLES for n in range(ANGLES)]
    found = tuning_curve(layer, angles, wavelengths_px=(gabor.wavelength_px,), phases=PHASES)
    return float(found.half_width_degrees[0])
