"""The Setting of the lesson on orientation tuning."""

from __future__ import annotations

from dataclasses import dataclass

from viz.layers.gabor import GaborParameters
from viz.lessons.fields import (
    aspect_field,
    envelope_field,
    kernel_size_field,
    orientations_field,
    part_field,
    wavelength_field,
)
from viz.settings import Cells, CellValues, Choice, Slider, field, numbered
from viz.settings import Setting as BaseSetting


@dataclass(frozen=True)
class Setting(BaseSetting):
    """The visitor's choices, in the order of the stage bar; then those of the sections."""

    orientations: int = orientations_field()
    phases: int = field(
        Choice,
        2,
        numbered(1, 2, 4),
        label="Phases",
        help="Filters of each orientation, 90° of phase apart. 2: a quadrature pair.",
    )
    first_phase_degrees: int = field(
        Slider,
        0,
        0,
        180,
        step=15,
        unit="°",
        label="First phase",
        help="0°: a bright bar in the middle. 90°: an edge. 180°: a dark bar.",
    )
    wavelength_px: float = wavelength_field()
    sigma_px: float = envelope_field(4.0)
    aspect: float = aspect_field(1.0)
    size_px: int = kernel_size_field()
    rectifier: str = field(
        Choice,
        "square",
        {"none": "none", "relu": "ReLU", "square": "square"},
        label="Rectifier",
        help="With none, the 1×1 only makes other linear filters.",
    )
    pooling: str = field(
        Choice,
        "phases",
        {
            "phases": "1×1: phases",
            "orientations": "1×1: all maps",
            "max": "max: phases",
        },
        label="Pooling",
        help="What becomes one map. The phases of each orientation: complex cells. All maps: edge strength.",
    )
    pooling_edits: CellValues = field(Cells)
    part: str = part_field(
        {
            "complex": "Simple to complex",
            "forgets": "Forgetting orientation",
            "kernels": "Kernels",
            "fourier": "Fourier plane",
            "tuning": "Tuning curve",
            "map": "Orientation map",
            "cortex": "Visual cortex",
        }
    )
    grating_degrees: int = field(
        Slider,
        45,
        0,
        355,
        step=5,
        unit="°",
        label="Phase of the grating",
        help="Moves the bars across the filter. 360° is one wavelength.",
        affects_canvas=False,
    )

    @property
    def gabor(self) -> GaborParameters:
        """The arguments of the filter bank."""
        return GaborParameters(
            self.orientations,
            self.phases,
            self.wavelength_px,
            self.sigma_px,
            self.size_px,
            self.aspect,
            float(self.first_phase_degrees),
        )
