"""The Setting of the lesson on the order of pooling and 1×1."""

from __future__ import annotations

from dataclasses import dataclass

from viz.layers.gabor import GaborParameters
from viz.lessons.fields import part_field, seed_field
from viz.lessons.pooling_order.pools import MAX, WORDS
from viz.settings import Cells, CellValues, Choice, Slider, Switch, field
from viz.settings import Setting as BaseSetting

MAX_OUTPUTS = 8
ORIENTATIONS = 8


@dataclass(frozen=True)
class Setting(BaseSetting):
    """The visitor's choices, in the order of the stage bar; then those of the sections."""

    bank: str = field(
        Choice,
        "rgb",
        {"rgb": "colours", "gabor": "8 oriented maps"},
        label="Maps",
        help="Colours are never negative; oriented maps are as often negative as positive.",
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
    beta: int = field(
        Slider,
        MAX,
        0,
        MAX,
        words=WORDS,
        label="Average to max",
        help="Log-mean-exp: (1/β) log mean exp(βx) over the window. β → 0 is the average, β → ∞ the max. "
        "Watch the difference vanish to the left.",
    )
    pool_size: int = field(
        Slider,
        5,
        2,
        5,
        unit="px",
        label="Pool size",
        help="Side of the window. In a larger window the largest values of two channels lie more often at "
        "different pixels.",
    )
    stride: int = field(
        Slider,
        1,
        1,
        4,
        unit="px",
        label="Stride",
        help="Pixels from one window to the next. It drops the same units from both maps.",
    )
    padding: bool = field(
        Switch,
        True,
        label="Padding",
        help="Half a window on each side. A max and a log-mean-exp leave it out. A picture smaller than "
        "the window is always padded.",
    )
    counted: bool = field(
        Switch,
        False,
        label="Count zeros",
        help="Whether the average counts the padding as zeros (count_include_pad). With a bias, the border "
        "then depends on the order.",
    )
    mix_recipe: str = field(
        Choice,
        "difference",
        {
            "difference": "a channel − the next",
            "random": "random, signed",
            "nonnegative": "random, non-negative",
            "identity": "one input a row",
            "principal": "principal components",
        },
        label="Weights",
        help="The same 1×1 stands before and after the pool. With one non-negative input a row, the order "
        "does not matter.",
    )
    mix_outputs: int = field(
        Slider,
        1,
        0,
        MAX_OUTPUTS,
        zero="all",
        label="Rows of the 1×1",
        help="Each row gives three maps: pool first, 1×1 first, and their difference. 0: as many rows as "
        "channels arrive.",
    )
    mix_seed: int = seed_field("Another draw of random weights.")
    mix_edits: CellValues = field(Cells)
    bias: bool = field(
        Switch,
        False,
        label="Bias",
        help="Adds 0.5 to every output. It matters only where an average counts the zeros of the padding.",
    )
    part: str = part_field(
        {
            "curve": "From average to max",
            "window": "Why: one window",
            "agree": "When they agree",
            "figure": "The 1×1 pooling figure",
            "practice": "In Inception",
        }
    )
    grid_window: int = field(
        Slider,
        3,
        1,
        5,
        label="Window",
        help="Side of the window in the middle. One that does not fit the grid is made smaller.",
        affects_canvas=False,
    )
    grid_stride: int = field(
        Slider,
        1,
        1,
        4,
        label="Grid stride",
        help="Cells from one window to the next.",
        affects_canvas=False,
    )
    grid_pool: str = field(
        Choice,
        "max",
        {"max": "max", "mean": "mean"},
        label="Pool",
        help="For a 1×1 window both are the same.",
        affects_canvas=False,
    )
    grid_rows: int = field(
        Slider, 5, 1, 12, label="Rows", help="Height of the small grid.", affects_canvas=False
    )
    grid_columns: int = field(
        Slider, 5, 1, 12, label="Columns", help="Width of the small grid.", affects_canvas=False
    )
    grid_numbers: str = field(
        Choice,
        "figure",
        {"figure": "of the figure", "picture": "of the picture"},
        label="Numbers",
        help="The numbers of the figure, which continue in a larger grid, or grey levels of the picture "
        "around the unit in view.",
        affects_canvas=False,
    )

    @property
    def gabor(self) -> GaborParameters:
        """The arguments of the filter bank; its window is proportional to the wavelength."""
        return GaborParameters.of_wavelength(ORIENTATIONS, 1, self.wavelength_px)
