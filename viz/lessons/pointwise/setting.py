"""What the visitor chose for the lesson on the 1×1 convolution."""

from __future__ import annotations

from dataclasses import dataclass

from viz.layers.gabor import GaborParameters
from viz.settings import Cells, below, cells, choice, number_choice, slider, switch, word
from viz.settings import Setting as BaseSetting

ORIENTATIONS, PHASES, SIZE_PX = 8, 2, 21  # the bank of oriented maps
MOST_OUTPUTS = 32
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
    """What the visitor chose: the stages in the order of the rail, then the sections below."""

    bank: str = choice(
        "rgb",
        label="Maps",
        help="Colours passes red, green and blue on; oriented maps answer to bars in the brightness.",
        rgb="colours",
        gabor="oriented maps",
    )
    wavelength_px: float = slider(
        8.0,
        4,
        16,
        step=0.5,
        unit="px",
        label="Wavelength",
        help="Width of one bright and dark bar that an oriented map answers to.",
    )
    pointwise_recipe: str = choice(
        "sepia", label="Weights", help="How the mixing matrix is made.", **RECIPES
    )
    pointwise_outputs: int = slider(
        0,
        0,
        MOST_OUTPUTS,
        label="Output channels",
        help="Rows of the matrix; 0: as many as arrive.",
    )
    pointwise_seed: int = slider(0, 0, 99, label="Seed", help="Another draw of random weights.")
    groups: int = number_choice(
        1,
        (1, 2, 3, 4, 8, 16),
        label="Groups",
        help="1 is dense; with as many groups as channels no channel meets another (depthwise).",
    )
    pointwise_edits: Cells = cells()
    relu: bool = switch(
        False, label="ReLU", help="What is negative becomes 0: after it, two layers are not one."
    )
    shuffle: bool = switch(
        False,
        label="Channel shuffle",
        help="Deals the channels of all groups out in turn, so that the next layer's groups mix.",
    )
    second: bool = switch(
        False, label="Second 1×1", help="Another matrix at every pixel, in as many groups."
    )
    second_recipe: str = choice(
        "random", label="Weights", help="How the second matrix is made.", **RECIPES
    )
    second_outputs: int = slider(
        0,
        0,
        MOST_OUTPUTS,
        label="Output channels",
        help="Rows of the matrix; 0: as many as arrive.",
    )
    second_seed: int = slider(1, 0, 99, label="Seed", help="Another draw of random weights.")
    second_edits: Cells = cells()
    swapped: bool = switch(
        False,
        label="Swap the 1×1 for a 3×3",
        help="A 3×3 reads the neighbours too, so one matrix per pixel no longer gives its result.",
        aside=True,
    )
    part: str = below(
        "step",
        step="Step by step",
        space="Channel space",
        ways="Five ways",
        merge="Two layers are one",
        groups="Dense to depthwise",
        fewer="Fewer channels",
    )
    region: str = word("", r"(\d{1,4}\.\d{1,4}\.\d{1,4}\.\d{1,4})?", aside=True)
    crop_row: str = word("", r"(\d{1,4})?", aside=True)
    crop_column: str = word("", r"(\d{1,4})?", aside=True)
    fewer_inputs: int = slider(
        50,
        1,
        512,
        label="Channels in",
        help="Numbers that one output number reads.",
        aside=True,
    )
    fewer_outputs: int = slider(
        20,
        1,
        512,
        label="Channels out",
        help="1×1 filters: each makes one map.",
        aside=True,
    )
    fewer_side_px: int = slider(
        200,
        8,
        512,
        step=8,
        unit="px",
        label="Side",
        help="Height and width of every map.",
        aside=True,
    )

    @property
    def gabor(self) -> GaborParameters:
        """The bank of oriented maps: its window widens with its bars."""
        return GaborParameters(
            ORIENTATIONS, PHASES, self.wavelength_px, self.wavelength_px / 2, SIZE_PX, 1.0
        )

    @property
    def rectangle(self) -> tuple[float, float, float, float]:
        """The region as top, left, bottom, right, in parts of the picture's height and width.

        The word says them in thousandths; whichever corner comes first, and however far outside,
        they come out in order and inside. Without a word it is a square in the middle.

        >>> Setting(region="900.100.200.4000").rectangle
        (0.2, 0.1, 0.9, 1.0)
        """
        if not self.region:
            return MIDDLE
        top, left, bottom, right = (min(int(n), 1000) / 1000 for n in self.region.split("."))
        return min(top, bottom), min(left, right), max(top, bottom), max(left, right)

    @property
    def crop_at(self) -> tuple[float, float] | None:
        """Where the middle of the crop lies, in parts of height and width; None if left open.

        >>> Setting(crop_row="250", crop_column="5000").crop_at, Setting(crop_row="250").crop_at
        ((0.25, 1.0), None)
        """
        if not (self.crop_row and self.crop_column):
            return None
        return min(int(self.crop_row), 1000) / 1000, min(int(self.crop_column), 1000) / 1000
