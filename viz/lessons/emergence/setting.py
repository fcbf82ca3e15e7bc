"""The Setting of the lesson on where oriented filters come from."""

from __future__ import annotations

from dataclasses import dataclass

from viz.lessons.fields import part_field, seed_field
from viz.lessons.learned_bank import (
    filters_field,
    filters_seed_field,
    method_field,
    source_field,
)
from viz.settings import Cells, CellValues, Choice, Slider, Switch, field
from viz.settings import Setting as BaseSetting

RECIPES = {
    "principal": "principal components",
    "random": "random",
    "average": "average",
    "identity": "identity",
}


@dataclass(frozen=True)
class Setting(BaseSetting):
    """The visitor's choices, in the order of the stage bar; then those of the sections."""

    source: str = source_field()
    method: str = method_field()
    filters: int = filters_field(16)
    filters_seed: int = filters_seed_field()
    relu: bool = field(
        Switch,
        True,
        label="ReLU",
        help="Sets negative values to zero. Without it, the filters and the 1×1 are one bank of other filters.",
    )
    pointwise_outputs: int = field(
        Slider, 8, 1, 64, label="Output channels", help="Number of rows of the mixing matrix."
    )
    pointwise_recipe: str = field(
        Choice, "principal", RECIPES, label="Weights", help="How the mixing matrix is made."
    )
    pointwise_seed: int = seed_field("Another draw of random weights.")
    pointwise_edits: CellValues = field(Cells)
    part: str = part_field(
        {
            "learn": "Watch it learn",
            "controls": "Edges or spectrum?",
            "on_top": "A 1×1 on top",
            "twin": "Learned with labels",
        }
    )

    twin_seed: int = field(
        Slider,
        0,
        0,
        99,
        label="Seed",
        help="Other gratings, and other numbers to start from.",
        affects_canvas=False,
    )
