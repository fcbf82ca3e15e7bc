"""The Setting of the Lab."""

from __future__ import annotations

from dataclasses import dataclass

from viz.layers.gabor import GaborParameters
from viz.lessons.fields import (
    aspect_field,
    envelope_field,
    kernel_size_field,
    orientations_field,
    seed_field,
    wavelength_field,
)
from viz.lessons.learned_bank import (
    filters_field,
    filters_seed_field,
    method_field,
    source_field,
)
from viz.settings import Cells, CellValues, Choice, Slider, Switch, field, numbered
from viz.settings import Setting as BaseSetting

MAX_OUTPUTS = 64
RECIPES = {
    "random": "random",
    "identity": "identity",
    "average": "average",
    "opponent": "opponent colours",
    "principal": "principal components",
}


@dataclass(frozen=True)
class Setting(BaseSetting):
    """The visitor's choices for every layer of the Lab, in the order of the stage bar."""

    bank: str = field(
        Choice,
        "gabor",
        {"gabor": "Gabor", "rgb": "colours", "learned": "learned"},
        label="Filters",
        help="Gabor filters respond to bars in the brightness. Colours: red, green and blue, unchanged. Learned: filters that were found in pictures.",
    )
    orientations: int = orientations_field()
    phases: int = field(
        Choice,
        4,
        numbered(1, 2, 4),
        label="Phases",
        help="How many phases φ. 1: bright bars. 2: also edges. 4: also both with dark and bright swapped.",
    )
    wavelength_px: float = wavelength_field()
    sigma_px: float = envelope_field(3.0)
    aspect: float = aspect_field(2.0)
    size_px: int = kernel_size_field()
    source: str = source_field()
    method: str = method_field()
    filters: int = filters_field(16)
    filters_seed: int = filters_seed_field()
    rectifier: str = field(
        Choice,
        "relu",
        {"none": "none", "relu": "ReLU", "square": "square"},
        label="Rectifier",
        help="ReLU sets negative values to zero; square makes them positive; none keeps them, so they can cancel positive ones later.",
    )
    pooling: str = field(
        Choice,
        "max",
        {"none": "none", "max": "max", "mean": "mean"},
        label="Pooling",
        help="Makes one map of several: at every pixel the largest value, or the mean.",
    )
    pool_over: str = field(
        Choice,
        "phases",
        {"phases": "phases", "orientations": "orientations", "channels": "consecutive channels"},
        label="Over",
        help="Over phases, the exact position of a bar matters less; over orientations, its orientation matters less.",
    )
    group: int = field(
        Choice,
        4,
        numbered(*range(1, 65)),
        label="Group size",
        help="How many maps become one: any divisor of the number of maps.",
    )
    pointwise: bool = field(
        Switch, True, label="1×1 convolution", help="Mixes the channels at every pixel."
    )
    pointwise_outputs: int = field(
        Slider,
        4,
        1,
        MAX_OUTPUTS,
        label="Output channels",
        help="Number of rows of the mixing matrix.",
    )
    pointwise_recipe: str = field(
        Choice,
        "principal",
        RECIPES,
        label="Weights",
        help="How the mixing matrix is made.",
    )
    pointwise_seed: int = seed_field("Another draw of random weights.")
    pointwise_relu: bool = field(
        Switch, False, label="ReLU after it", help="Sets negative values to zero."
    )
    pointwise_edits: CellValues = field(Cells)
    strided: bool = field(
        Switch,
        True,
        label="Strided 1×1",
        help="A second 1×1 layer that reads only every s-th row and column.",
    )
    stride: int = field(
        Slider,
        2,
        1,
        8,
        unit="px",
        label="Stride",
        help="Of each block of s × s pixels the layer reads one, and never the others.",
    )
    strided_outputs: int = field(
        Slider,
        0,
        0,
        MAX_OUTPUTS,
        zero="all",
        label="Output channels",
        help="0: as many as there are input channels.",
    )
    strided_recipe: str = field(
        Choice,
        "random",
        RECIPES,
        label="Weights",
        help="With the identity, the layer only subsamples.",
    )
    strided_seed: int = seed_field("Another draw of random weights.")
    strided_edits: CellValues = field(Cells)
    swapped: bool = field(
        Switch,
        False,
        label="Swap the 1×1 for a 3×3",
        help="A 3×3 also reads the neighbours, so one matrix per pixel no longer gives its result.",
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
        )
