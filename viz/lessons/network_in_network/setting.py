"""The Setting of the lesson on Network in Network."""

from __future__ import annotations

from dataclasses import dataclass

from viz.layers.gabor import GaborParameters
from viz.lessons.fields import part_field, seed_field
from viz.settings import (
    Boxes,
    BoxValues,
    Cells,
    CellValues,
    Choice,
    Slider,
    Switch,
    field,
    numbered,
)
from viz.settings import Setting as BaseSetting

# The pieces of a maxout unit, by the parameters of the maxout, and of an mlpconv, of three channels.
PIECES = {8: 1, 32: 4, 56: 7, 80: 10, 104: 13}
PHASES = 4  # 0°, 90°, 180° and 270°: the opposite of every filter is a filter too


@dataclass(frozen=True)
class Setting(BaseSetting):
    """The visitor's choices, in the order of the stage bar; then those of the sections."""

    kernel_px: int = field(
        Slider,
        7,
        3,
        11,
        step=2,
        unit="px",
        label="Kernel size",
        help="The patch that every perceptron reads. The 1×1 layers after it do not enlarge it.",
    )
    orientations: int = field(
        Choice,
        2,
        numbered(2, 4, 6, 8),
        label="Orientations",
        help="Four filters for each: bright bar, dark bar, and both edges between them.",
    )
    filters_relu: bool = field(
        Switch,
        True,
        label="ReLU after the filters",
        help="Without it the four filters of an orientation cancel, and every later map is zero.",
    )
    weights: str = field(
        Choice,
        "logic",
        {"logic": "or, and, not", "random": "random"},
        label="Weights",
        help="Weights chosen by hand, so that the perceptron compares orientations; or random ones.",
    )
    hidden: int = field(
        Slider,
        8,
        1,
        24,
        label="Hidden units",
        help="Rows of the first 1×1: the width of the hidden layer.",
    )
    seed: int = seed_field("Another draw of random weights.")
    hidden_edits: CellValues = field(Cells)
    hidden_relu: bool = field(
        Switch,
        True,
        label="ReLU between the 1×1 layers",
        help="Without it both 1×1 layers are one: “or” and “and” become the same map.",
    )
    outputs: int = field(
        Slider,
        4,
        1,
        16,
        label="Output channels",
        help="Rows of the second 1×1: the maps that the block makes.",
    )
    outputs_edits: CellValues = field(Cells)
    outputs_relu: bool = field(
        Switch,
        True,
        label="ReLU at the end",
        help="Sets negative values to zero.",
    )
    part: str = part_field(
        {
            "perceptron": "One pixel’s perceptron",
            "train": "Train here",
            "digits": "Small digits",
            "overfit": "Over-fitting",
            "wide": "Wider or deeper",
            "head": "Average-pooled head",
        }
    )

    digit_seeds: int = field(
        Slider,
        0,
        0,
        5,
        label="Seeds to train here",
        help="Trains the same networks on this server, one seed after the other. It takes a minute or so for each.",
        affects_canvas=False,
    )
    overfit_head: str = field(
        Choice,
        "connected",
        {"connected": "fully connected", "averaged": "global average pooling"},
        label="Head",
        help="Fully connected: a weight for each channel of each pixel. Pooled: positions are lost.",
        affects_canvas=False,
    )
    overfit_seeds: int = field(
        Slider,
        0,
        0,
        5,
        label="Seeds to train here",
        help="Trains the same networks on this server, one seed after the other. It takes a minute or so for each.",
        affects_canvas=False,
    )
    times: int = field(
        Slider,
        4,
        1,
        8,
        label="Times",
        help="How many times as wide, or as deep, as the block on screen.",
        affects_canvas=False,
    )

    digit: int = field(
        Slider,
        4,
        0,
        99,
        label="Test digit no.",
        help="Which of the digits that were not used for training. The number is its place among them.",
        affects_canvas=False,
    )
    head_seed: int = field(
        Slider,
        0,
        0,
        99,
        label="Seed of the training",
        help="Other first weights, and the digits in another order.",
        affects_canvas=False,
    )

    painted: BoxValues = field(Boxes, affects_canvas=False)
    classifier_parameters: int = field(
        Choice,
        32,
        numbered(*PIECES),
        label="Parameters of maxout and mlpconv",
        help="The same number for both. With 8 each has as many as the linear 1×1, and can do no more.",
        affects_canvas=False,
    )
    training_steps: int = field(
        Slider,
        800,
        100,
        1200,
        step=100,
        label="Steps",
        help="Steps of Adam, the same number for all three.",
        affects_canvas=False,
    )
    training_seed: int = field(
        Slider,
        0,
        0,
        99,
        label="Seed",
        help="Other first weights. The linear 1×1 always ends at the same loss; from some, maxout gets stuck.",
        affects_canvas=False,
    )

    @property
    def gabor(self) -> GaborParameters:
        """The filters: one period of bars in each kernel, in a window that ends inside it."""
        size_px = self.kernel_px
        return GaborParameters(
            self.orientations, PHASES, float(size_px), size_px / 4, size_px, aspect=1.0
        )
