"""The Setting of the lesson on receptive fields."""

from __future__ import annotations

from dataclasses import dataclass

from viz.lessons.fields import part_field, seed_field
from viz.networks import menu
from viz.settings import Choice, Layer, Layers, LayerValues, Slider, Switch, field
from viz.settings import Setting as BaseSetting

OWN = "stack"
ONE = Layer("c", 1)
OPENING: LayerValues = (
    *(Layer("c", 3, 2), ONE) * 2,
    *(Layer("c", 3), ONE) * 2,
)


@dataclass(frozen=True)
class Setting(BaseSetting):
    """The visitor's choices: the stack, its weights; then those of the sections."""

    network: str = field(
        Choice,
        OWN,
        {OWN: "your own stack", **{each.name: each.title for each in menu().networks.values()}},
        label="Network",
        help="A published network, or the stack that you build: the first change by hand makes it yours.",
    )
    layers: LayerValues = field(
        Layers,
        OPENING,
        label="Layers",
        help="The layers of the stack, in the order of the data.",
        by_hand={"network": OWN},
    )
    relu: bool = field(
        Switch,
        True,
        label="ReLU after convolutions",
        help="It changes what each pixel counts, and never which pixels are seen.",
    )
    seed: int = seed_field("Other random weights: the maps change, the field does not.")
    part: str = part_field(
        {
            "growth": "Growth",
            "photo": "On the photo",
            "law": "The law",
            "directions": "Two directions",
            "first": "Why not begin with 1×1",
        }
    )
    draws: int = field(
        Slider,
        16,
        1,
        64,
        label="Random draws",
        help="Networks of the same layers and other random weights; their squared gradients are averaged.",
        affects_canvas=False,
    )
    depth: int = field(
        Slider,
        10,
        1,
        40,
        label="Layers of 3×3",
        help="Uniform linear 3×3 convolutions in a row.",
        affects_canvas=False,
    )
    direction: str = field(
        Choice,
        "seen",
        {"seen": "backwards", "reached": "forwards"},
        label="Direction",
        help="Backwards: what a unit sees. Forwards: which units a pixel reaches.",
        affects_canvas=False,
    )
    apart: int = field(
        Slider,
        2,
        0,
        8,
        label="From A to B",
        help="How far B is to the right of A: in units of their map, or in pixels of the photo.",
        affects_canvas=False,
    )
