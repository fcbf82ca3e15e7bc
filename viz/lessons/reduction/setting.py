"""The Setting of the lesson on reducing channels."""

from __future__ import annotations

from dataclasses import dataclass

from viz.lessons.bank_of_50 import BANK_CHANNELS, CHANNELS
from viz.lessons.fields import part_field, seed_field
from viz.settings import Choice, Slider, Switch, field
from viz.settings import Setting as BaseSetting

SIDE_PX = 200  # of the square in the middle that is reduced
LOOKED_AT = BANK_CHANNELS.names.index("72° 6 px φ0°")
METHODS = {
    "pca": "PCA",
    "max": "group max",
    "mean": "group mean",
    "random": "random 1×1",
    "first": "first channels",
    "best": "best channels",
}


@dataclass(frozen=True)
class Setting(BaseSetting):
    """The visitor's choices, in the order of the stage bar; then those of the sections."""

    channels: int = field(
        Slider,
        CHANNELS,
        2,
        CHANNELS,
        label="Channels in (C)",
        help="How many of the fifty maps are reduced: the first so many. Ten are of one orientation.",
    )
    method: str = field(
        Choice,
        "pca",
        METHODS,
        label="Method",
        help="How C numbers at a pixel become k. PCA, group mean and random are 1×1 convolutions; the last "
        "two keep some channels and drop the others.",
    )
    kept: int = field(
        Slider,
        10,
        1,
        CHANNELS,
        label="Channels kept (k)",
        help="How many numbers are left at every pixel. Watch the decoded maps while you drag.",
    )
    seed: int = seed_field("Another draw of the random weights.")
    relu: bool = field(
        Switch,
        False,
        label="ReLU",
        help="Sets negative values of the reduced maps to zero, before they are decoded.",
    )
    looked_at: int = field(
        Slider,
        LOOKED_AT,
        0,
        CHANNELS - 1,
        words=BANK_CHANNELS.names,
        label="Channel shown",
        help="One of the channels: the orientation of its bars, its wavelength and its phase.",
    )
    step_by_step: bool = field(
        Switch,
        False,
        label="All channels",
        help="On: all maps, step by step. Off: one channel beside what comes back of it.",
    )
    relu_bias: float = field(
        Slider,
        0.0,
        0.0,
        4.0,
        step=0.5,
        unit="σ",
        label="Bias before the ReLU",
        help="In standard deviations of each number. The larger it is, the less the ReLU cuts off.",
        affects_canvas=False,
    )
    task_relu: bool = field(
        Switch,
        True,
        label="ReLU before the reduction",
        help="Off: the responses of the filters themselves. Their mean is zero in any texture.",
        affects_canvas=False,
    )
    part: str = part_field(
        {
            "contest": "The contest",
            "train": "Train the 1×1",
            "correlation": "What channels share",
            "relu": "With a ReLU",
            "task": "Grass or brick",
        }
    )

    train_steps: int = field(
        Slider,
        2000,
        100,
        4000,
        step=100,
        label="Steps",
        help="How often Adam changes the weights of the encoder and the decoder.",
        affects_canvas=False,
    )
    train_seed: int = field(
        Slider,
        0,
        0,
        99,
        label="Seed",
        help="Another draw of the weights that the training starts from.",
        affects_canvas=False,
    )

    @property
    def reducing(self) -> str:
        """The stage that reduces."""
        return "reduce" if self.step_by_step else "back"

    @property
    def before_reduce(self) -> str:
        """The stage whose maps reach the encoder."""
        return "keep" if self.channels < CHANNELS else "bank"
