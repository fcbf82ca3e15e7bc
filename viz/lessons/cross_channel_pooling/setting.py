"""The Setting of the lesson."""

from __future__ import annotations

from dataclasses import dataclass

from viz.lessons.bank_of_50 import CHANNELS
from viz.lessons.fields import part_field, seed_field
from viz.settings import Choice, Slider, Switch, field, numbered
from viz.settings import Setting as BaseSetting

DIVISORS = tuple(n for n in range(1, CHANNELS + 1) if CHANNELS % n == 0)
MAX_UNITS = 64


@dataclass(frozen=True)
class Setting(BaseSetting):
    """The visitor's choices, in the order of the stage bar; the bank is fixed."""

    shuffled: bool = field(
        Switch,
        False,
        label="Shuffle the channels",
        help="The same 50 maps in another order. Then a group is no longer one orientation.",
    )
    shuffle_seed: int = field(
        Slider, 0, 0, 99, label="Shuffle", help="Each number is another order of the channels."
    )
    kind: str = field(
        Choice,
        "max",
        {
            "max": "max",
            "mean": "mean",
            "maxout": "maxout",
            "fitted": "1×1 fitted to the group max",
            "parametric": "fitted 1×1 + ReLU",
        },
        label="Pooling",
        help="Max and mean have no weights; maxout and the 1×1 read all 50 channels.",
    )
    group: int = field(
        Choice,
        10,
        numbered(*DIVISORS),
        label="Group size",
        help="How many maps become one. 10: one orientation. 2: the phases of one filter.",
    )
    winner: bool = field(
        Switch,
        False,
        label="Show who wins",
        help="Shows which channel has the largest value of its group, as a colour, instead of the value.",
    )
    units: int = field(
        Slider,
        5,
        1,
        MAX_UNITS,
        label="Units",
        help="How many maps maxout makes: any number, also more than it gets.",
    )
    pieces: int = field(
        Slider,
        2,
        1,
        10,
        label="Pieces",
        help="How many mixtures of all channels a unit has; the largest is kept. One piece is a 1×1.",
    )
    maxout_weights: str = field(
        Choice,
        "fitted",
        {
            "fitted": "learned: fitted to the group max",
            "select": "pick channels",
            "random": "random",
        },
        label="Weights",
        help="Learned: each unit imitates the max of one group; after the last group comes the first "
        "again, with another start. Picked: each piece is one channel. With as many pieces as a "
        "group has channels, and as many units as groups, that is the group max.",
    )
    seed: int = seed_field("Another draw of random weights.")
    part: str = part_field(
        {
            "pixel": "One pixel's numbers",
            "winners": "Who wins",
            "ladder": "Max, maxout, 1×1",
            "shuffle": "Shuffled channels",
            "units": "How many maps",
            "phase": "Complex cell",
        }
    )

    @property
    def shows_winner(self) -> bool:
        """Whether the maps are the winners' indices: only a max has a winner."""
        return self.winner and self.kind == "max"

    @property
    def shuffle(self) -> int:
        """The seed of the shuffle of the channels; −1 for none."""
        return self.shuffle_seed if self.shuffled else -1

    @property
    def after_bank(self) -> str:
        """The stage that gets the maps of the bank in their original order."""
        return "order" if self.shuffled else "pooling"
