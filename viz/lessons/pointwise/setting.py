"""The Setting of the lesson on the 1×1 convolution."""

from __future__ import annotations

from dataclasses import dataclass

from viz.layers.gabor import GaborParameters
from viz.lessons.fields import part_field, seed_field
from viz.settings import Cells, CellValues, Choice, Slider, Switch, Word, field, numbered
from viz.settings import Setting as BaseSetting

ORIENTATIONS, PHASES, SIZE_PX = 8, 2, 21  # the bank of oriented maps
GROUPS = (1, 2, 3, 4, 8, 16)
MAX_OUTPUTS = 32
MIDDLE = (0.35, 0.35, 0.65, 0.65)
RECIPES = {
    "identity": "identity",
    "grey": "grey",
    "sepia": "sepia",
    "swap": "swap",
    "opponent": "opponent colours",
    "principal": "principal components",
    "whitening": "whitening",
    "random": "random",
}


@dataclass(frozen=True)
class Setting(BaseSetting):
    """The visitor's choices, in the order of the stage bar; then those of the sections."""

    bank: str = field(
        Choice,
        "rgb",
        {"rgb": "colours", "gabor": "oriented maps"},
        label="Maps",
        help="Colours: red, green and blue, unchanged. Oriented maps: responses to bars in the brightness.",
    )
    wavelength_px: float = field(
        Slider,
        8.0,
        4,
        16,
        step=0.5,
        unit="px",
        label="Wavelength",
        help="Width of one bright and one dark bar together, as an oriented map responds to them.",
    )
    pointwise_recipe: str = field(
        Choice, "sepia", RECIPES, label="Weights", help="How the mixing matrix is made."
    )
    pointwise_outputs: int = field(
        Slider,
        0,
        0,
        MAX_OUTPUTS,
        zero="all",
        label="Output channels",
        help="Rows of the matrix; 0: as many as arrive.",
    )
    pointwise_seed: int = seed_field("Another draw of random weights.")
    groups: int = field(
        Choice,
        1,
        numbered(*GROUPS),
        label="Groups",
        help="1: dense. As many groups as channels: depthwise, and no channel is mixed with another.",
    )
    pointwise_edits: CellValues = field(Cells)
    relu: bool = field(
        Switch,
        False,
        label="ReLU",
        help="Sets negative values to zero. Then two layers are no longer one, unless no value was negative.",
    )
    shuffle: bool = field(
        Switch,
        False,
        label="Channel shuffle",
        help="Takes channels from all groups in turn, so that the next layer mixes the groups.",
    )
    second: bool = field(
        Switch,
        False,
        label="Second 1×1",
        help="Another matrix at every pixel, with the same number of groups.",
    )
    second_recipe: str = field(
        Choice, "random", RECIPES, label="Weights", help="How the second mixing matrix is made."
    )
    second_outputs: int = field(
        Slider,
        0,
        0,
        MAX_OUTPUTS,
        zero="all",
        label="Output channels",
        help="Rows of the matrix; 0: as many as arrive.",
    )
    second_seed: int = field(Slider, 1, 0, 99, label="Seed", help="Another draw of random weights.")
    second_edits: CellValues = field(Cells)
    swapped: bool = field(
        Switch,
        False,
        label="Swap the 1×1 for a 3×3",
        help="A 3×3 also reads the neighbours, so one matrix per pixel no longer gives its result.",
        affects_canvas=False,
    )
    part: str = part_field(
        {
            "step": "Step by step",
            "space": "Channel space",
            "ways": "Five methods",
            "merge": "Two layers are one",
            "groups": "Dense to depthwise",
            "fewer": "Fewer channels",
        }
    )
    region: str = field(Word, "", r"(\d{1,4}\.\d{1,4}\.\d{1,4}\.\d{1,4})?", affects_canvas=False)
    crop_row: str = field(Word, "", r"(\d{1,4})?", affects_canvas=False)
    crop_column: str = field(Word, "", r"(\d{1,4})?", affects_canvas=False)
    fewer_inputs: int = field(
        Slider,
        50,
        1,
        512,
        label="Channels in",
        help="How many numbers each output number reads.",
        affects_canvas=False,
    )
    fewer_outputs: int = field(
        Slider,
        20,
        1,
        512,
        label="Channels out",
        help="How many 1×1 filters there are; each makes one map.",
        affects_canvas=False,
    )
    fewer_side_px: int = field(
        Slider,
        200,
        8,
        512,
        step=8,
        unit="px",
        label="Side",
        help="Height and width of every map.",
        affects_canvas=False,
    )

    @property
    def gabor(self) -> GaborParameters:
        """The arguments of the filter bank; its window is proportional to the wavelength."""
        sigma_px = self.wavelength_px / 2
        return GaborParameters(ORIENTATIONS, PHASES, self.wavelength_px, sigma_px, SIZE_PX, 1.0)

    @property
    def rectangle(self) -> tuple[float, float, float, float]:
        """The region as top, left, bottom, right, in fractions of the picture's height and width.

        The word has them in thousandths, with the corners in any order, even outside the picture;
        they are sorted and clamped. Without a word it is a square in the middle.

        >>> Setting(region="900.100.200.4000").rectangle
        (0.2, 0.1, 0.9, 1.0)
        """
        if not self.region:
            return MIDDLE
        top, left, bottom, right = (min(int(n), 1000) / 1000 for n in self.region.split("."))
        return min(top, bottom), min(left, right), max(top, bottom), max(left, right)

    @property
    def crop_at(self) -> tuple[float, float] | None:
        """The middle of the crop in fractions of height and width; None if it is not given.

        >>> Setting(crop_row="250", crop_column="5000").crop_at, Setting(crop_row="250").crop_at
        ((0.25, 1.0), None)
        """
        if not (self.crop_row and self.crop_column):
            return None
        return min(int(self.crop_row), 1000) / 1000, min(int(self.crop_column), 1000) / 1000
