"""What the visitor chose for every layer of the Lab."""

from __future__ import annotations

from dataclasses import dataclass

from viz.layers.gabor import GaborParameters
from viz.settings import Cells, cells, choice, number_choice, slider, switch
from viz.settings import Setting as BaseSetting

MOST_OUTPUTS = 64
RECIPES = {
    "random": "random",
    "identity": "identity",
    "average": "average",
    "opponent": "opponent colours",
    "principal": "principal components",
}


@dataclass(frozen=True)
class Setting(BaseSetting):
    """What the visitor chose for every layer of the Lab, in the order of the rail."""

    bank: str = choice(
        "gabor",
        label="Filters",
        help="Gabor filters look for bars in the brightness; colours passes red, green, blue on.",
        gabor="Gabor",
        rgb="colours",
    )
    orientations: int = slider(
        4, 2, 16, label="Orientations", help="How many directions of bars, evenly over 180°."
    )
    phases: int = number_choice(
        4,
        (1, 2, 4),
        label="Phases",
        help="1: bright bars. 2: also edges. 4: also both with dark and bright exchanged.",
    )
    wavelength_px: float = slider(
        8.0,
        3,
        32,
        step=0.5,
        unit="px",
        label="Wavelength",
        help="Width of one bright and dark bar.",
    )
    sigma_px: float = slider(
        4.0,
        1,
        12,
        step=0.5,
        unit="px",
        label="Envelope",
        help="How far a filter sees across its bars.",
    )
    aspect: float = slider(
        1.0, 0.5, 3, step=0.1, label="Aspect", help="Longer bars are pickier about orientation."
    )
    size_px: int = slider(
        21, 3, 63, step=2, unit="px", label="Kernel size", help="Too small cuts the envelope off."
    )
    rectifier: str = choice(
        "relu",
        label="Rectifier",
        help="ReLU keeps what matches; square keeps both signs; none lets them cancel later.",
        none="none",
        relu="ReLU",
        square="square",
    )
    pooling: str = choice(
        "max",
        label="Pooling",
        help="Keeps one map of several: at every pixel the largest value, or the mean.",
        none="none",
        max="max",
        mean="mean",
    )
    pool_over: str = choice(
        "phases",
        label="Over",
        help="Over phases a map stops caring where exactly the bar lies; over orientations, how it lies.",
        phases="phases",
        orientations="orientations",
        channels="consecutive channels",
    )
    group: int = number_choice(
        4,
        tuple(range(1, 65)),
        label="Group size",
        help="How many maps become one: any divisor of what arrives.",
    )
    pointwise: bool = switch(
        True, label="1×1 convolution", help="Mixes the channels of every pixel."
    )
    pointwise_outputs: int = slider(
        4, 1, MOST_OUTPUTS, label="Output channels", help="Rows of the mixing matrix."
    )
    pointwise_recipe: str = choice(
        "principal", label="Weights", help="How the mixing matrix is made.", **RECIPES
    )
    pointwise_seed: int = slider(0, 0, 99, label="Seed", help="Another draw of random weights.")
    pointwise_relu: bool = switch(False, label="ReLU after it", help="Cuts negative values off.")
    pointwise_edits: Cells = cells()
    strided: bool = switch(
        True, label="Strided 1×1", help="A second 1×1 layer that reads every s-th pixel."
    )
    stride: int = slider(
        2,
        1,
        8,
        unit="px",
        label="Stride",
        help="Of s × s pixels it reads one and never sees the rest.",
    )
    strided_outputs: int = slider(
        0, 0, MOST_OUTPUTS, label="Output channels", help="0: as many as arrive."
    )
    strided_recipe: str = choice(
        "identity",
        label="Weights",
        help="With the identity the layer is pure subsampling.",
        **RECIPES,
    )
    strided_seed: int = slider(0, 0, 99, label="Seed", help="Another draw of random weights.")
    strided_edits: Cells = cells()
    swapped: bool = switch(
        False,
        label="Swap the 1×1 for a 3×3",
        help="A 3×3 reads the neighbours too, so one matrix per pixel no longer gives its result.",
        aside=True,
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
