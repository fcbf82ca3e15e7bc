"""The Setting of the lesson on trained networks."""

from __future__ import annotations

from dataclasses import dataclass

from viz.lessons.fields import part_field
from viz.lessons.trained.networks import choices
from viz.settings import Choice, Slider, field
from viz.settings import Setting as BaseSetting

MOST_LAYERS, MOST_CHANNELS, MOST_SHOWN = 128, 4096, 32
NETWORKS = choices()


@dataclass(frozen=True)
class Setting(BaseSetting):
    """The visitor's choices: the network, its layer, the maps that are drawn; then the sections'."""

    network: str = field(
        Choice,
        next(iter(NETWORKS)),
        NETWORKS,
        label="Network",
        help="A network with trained weights. Your own are those that POINTWISE_NETWORK names where the app is started.",
    )
    layer: int = field(
        Slider,
        10,
        1,
        MOST_LAYERS,
        label="Layer",
        help="Its place in the order of the data. A box above opens the same layer.",
    )
    first: int = field(
        Slider,
        1,
        1,
        MOST_CHANNELS,
        label="First channel",
        help="The first of the maps that are drawn. All are computed.",
    )
    shown: int = field(
        Slider,
        12,
        1,
        MOST_SHOWN,
        label="Maps shown",
        help="So many maps are drawn, from the first channel on.",
    )
    part: str = part_field(
        {
            "shares": "Shares",
            "classifier": "The classifier as a 1×1",
            "tuning": "Orientation tuning",
            "off": "Channels off",
            "drives": "What drives a channel",
            "field": "Field of a unit",
        }
    )
    photo_px: int = field(
        Slider,
        448,
        320,
        512,
        step=32,
        unit="px",
        label="Size of the photo",
        help="Longer side of the photo in this section. More pixels give more places and more crops.",
        affects_canvas=False,
    )
    shuffle_seed: int = field(
        Slider,
        0,
        0,
        9,
        label="Shuffles",
        help="Ten other orders of the weights. The gratings are not shown again.",
        affects_canvas=False,
    )
    off_order: str = field(
        Choice,
        "important",
        {"important": "the most important", "random": "at random", "clicked": "the one clicked"},
        label="Channels that are off",
        help="Important: those whose loss alone lowers the answer most. Clicked: that of the unit you click on a map above.",
        affects_canvas=False,
    )
    off: int = field(
        Slider,
        3,
        0,
        10,
        words=tuple(str(2**n) for n in range(11)),
        label="How many",
        help="At most as many as the layer has.",
        affects_canvas=False,
    )
    off_by: str = field(
        Choice,
        "zero",
        {"zero": "0", "mean": "its mean"},
        label="Replaced by",
        help="Its mean over this photo keeps how much there is of it, and not where.",
        affects_canvas=False,
    )
    off_seed: int = field(
        Slider,
        0,
        0,
        9,
        label="Random orders",
        help="Other draws of the channels that are switched off at random.",
        affects_canvas=False,
    )
    counted: str = field(
        Choice,
        "all",
        {"all": "all channels", "one": "the one clicked"},
        label="Gradient of",
        help="All channels of the unit, added with random signs; or that of the unit you click on a map above.",
        affects_canvas=False,
    )
    gradients: int = field(
        Slider,
        8,
        1,
        32,
        label="Random signs",
        help="So many gradients are averaged. One channel alone has a single one.",
        affects_canvas=False,
    )
