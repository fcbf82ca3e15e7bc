"""The Setting of the lesson on Inception modules."""

from __future__ import annotations

from dataclasses import dataclass

from viz.lessons.fields import part_field, seed_field
from viz.networks.googlenet import Inception
from viz.settings import Choice, Slider, Switch, field, numbered
from viz.settings import Setting as BaseSetting

# The larger the maps, the fewer channels reach a module, as in every network: it bounds the work.
MOST_INPUTS = {56: 64, 28: 256, 14: 528, 7: 832}
MOST_SHOWN = 8
BOXES = {
    "joined": "the whole module",
    "one": "1×1",
    "reduce_three": "1×1 before the 3×3",
    "three": "3×3",
    "reduce_five": "1×1 before the 5×5",
    "five": "5×5",
    "pool": "3×3 max",
    "projection": "1×1 after the pool",
}


@dataclass(frozen=True)
class Setting(BaseSetting):
    """The visitor's choices, in the order of the diagram; then those of the sections."""

    box: str = field(
        Choice,
        "joined",
        BOXES,
        label="Box",
        help="The box of the diagram whose maps are shown, with the path that leads to it.",
    )
    side_px: int = field(
        Choice,
        56,
        numbered(*MOST_INPUTS),
        label="Map side",
        help="Side of the square maps that reach the module, in units. GoogLeNet has modules at 28, 14 and 7.",
    )
    inputs: int = field(
        Slider,
        24,
        1,
        832,
        label="Input channels",
        help="Maps that reach the module. The larger the maps, the fewer there may be.",
    )
    seed: int = seed_field("Another draw of all weights; none is trained.")
    reduced: bool = field(
        Switch,
        True,
        label="1×1 reductions",
        help="A 1×1 before the 3×3 and before the 5×5. Without it they read all input channels.",
    )
    projected: bool = field(
        Switch,
        True,
        label="1×1 after the pool",
        help="Without it the pool passes on all input channels, and the module widens.",
    )
    one: int = field(Slider, 8, 1, 384, label="1×1", help="Output channels of the 1×1 branch.")
    reduce_three: int = field(
        Slider,
        6,
        1,
        192,
        label="Reduce before 3×3",
        help="Channels that are left for the 3×3. Its cost is proportional to them.",
    )
    three: int = field(Slider, 12, 1, 384, label="3×3", help="Output channels of the 3×3 branch.")
    reduce_five: int = field(
        Slider,
        4,
        1,
        64,
        label="Reduce before 5×5",
        help="Channels that are left for the 5×5. Its cost is proportional to them.",
    )
    five: int = field(Slider, 8, 1, 128, label="5×5", help="Output channels of the 5×5 branch.")
    projection: int = field(
        Slider, 8, 1, 128, label="Pool projection", help="Output channels of the pool's branch."
    )
    shown: int = field(
        Slider,
        3,
        1,
        MOST_SHOWN,
        label="First maps of each branch",
        help="So many maps of each branch are drawn, a row for each branch. All are computed.",
    )
    part: str = part_field(
        {
            "naive": "Naive or reduced",
            "budget": "Budget desk",
            "depth": "Depth",
            "merging": "Merging",
            "low_rank": "Low rank",
            "fields": "Fields",
        }
    )

    branch: str = field(
        Choice,
        "three",
        {"three": "3×3", "five": "5×5"},
        label="Branch",
        help="The branch that is looked at: its 1×1 and the larger kernel after it.",
        affects_canvas=False,
    )
    kernel: str = field(
        Choice,
        "dense",
        {"dense": "without a 1×1", "merged": "merged with its 1×1"},
        label="Kernel",
        help="The kernel that is taken apart: of the naive module, or that of the 1×1 and the larger kernel as one layer.",
        affects_canvas=False,
    )
    rank: int = field(
        Slider,
        6,
        1,
        832,
        label="Rank",
        help="Channels between a 1×1 and the larger kernel. With as many as come in, nothing is lost.",
        affects_canvas=False,
    )

    @property
    def widths(self) -> Inception:
        """The channels of the module, as those of GoogLeNet's; no paper prints its MACs."""
        return Inception(
            "",
            self.side_px,
            self.inputs,
            self.one,
            self.reduce_three,
            self.three,
            self.reduce_five,
            self.five,
            self.projection,
            printed_macs_m=0,
        )

    @property
    def path(self) -> tuple[str, ...]:
        """The boxes from the module's input to the open one, which may be the whole module."""
        before = {"three": "reduce_three", "five": "reduce_five"} if self.reduced else {}
        before["projection"] = "pool"
        return (before[self.box], self.box) if self.box in before else (self.box,)
