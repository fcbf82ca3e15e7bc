"""The Setting of the lesson on the strided 1×1."""

from __future__ import annotations

from dataclasses import dataclass

from viz.layers.gabor import GaborParameters
from viz.lessons.fields import part_field, seed_field
from viz.settings import Cells, CellValues, Choice, Slider, Switch, field
from viz.settings import Setting as BaseSetting

MAX_OUTPUTS = 64
ORIENTATIONS = 8


@dataclass(frozen=True)
class Setting(BaseSetting):
    """The visitor's choices, in the order of the stage bar; then those of the sections."""

    bank: str = field(
        Choice,
        "rgb",
        {"rgb": "colours", "gabor": "8 oriented maps"},
        label="Maps",
        help="Colours hold every frequency of the picture; oriented maps mainly those near one frequency.",
    )
    wavelength_px: float = field(
        Slider,
        8.0,
        3,
        16,
        step=0.5,
        unit="px",
        label="Wavelength",
        help="Width of one bright and one dark bar together. Vertical and horizontal bars alias when the "
        "stride is above half of it; diagonal bars tolerate up to 1.4 times as much.",
    )
    stride: int = field(
        Slider,
        4,
        1,
        8,
        unit="px",
        label="Stride",
        help="Of each block of s × s pixels the layer reads one, and never the others.",
    )
    strided_recipe: str = field(
        Choice,
        "principal",
        {
            "identity": "identity",
            "principal": "principal components",
            "opponent": "opponent colours",
            "random": "random",
        },
        label="Weights",
        help="With the identity, the layer only subsamples.",
    )
    strided_outputs: int = field(
        Slider,
        1,
        0,
        MAX_OUTPUTS,
        zero="all",
        label="Output channels",
        help="0: as many as there are input channels.",
    )
    strided_seed: int = seed_field("Another draw of random weights.")
    strided_edits: CellValues = field(Cells)
    again: bool = field(
        Switch,
        False,
        label="Another strided 1×1",
        help="The strides multiply: two layers of stride s read one pixel in s⁴.",
    )
    third: bool = field(
        Switch,
        False,
        label="One more strided 1×1",
        help="Three layers of stride s read one pixel in s⁶.",
    )
    window: bool = field(
        Switch,
        False,
        label="A 3×3 after the stride",
        help="Its taps lie as far apart as the product of all strides before it. From 2 px on, the "
        "positions between them are holes in its receptive field.",
    )
    part: str = part_field(
        {
            "reads": "Read and never read",
            "lost": "What is lost",
            "saying": "Is little lost?",
            "stacks": "Stacks",
            "step": "Step by step",
        }
    )
    grid_rows: int = field(
        Slider, 5, 1, 12, label="Rows", help="Height of the small grid.", affects_canvas=False
    )
    grid_columns: int = field(
        Slider, 5, 1, 12, label="Columns", help="Width of the small grid.", affects_canvas=False
    )
    grid_stride: int = field(
        Slider,
        2,
        1,
        6,
        label="Stride on the grid",
        help="Distance from one read to the next, in cells.",
        affects_canvas=False,
    )

    @property
    def gabor(self) -> GaborParameters:
        """The arguments of the filter bank; its window is proportional to the wavelength."""
        return GaborParameters.of_wavelength(ORIENTATIONS, 1, self.wavelength_px)
