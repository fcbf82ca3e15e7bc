"""The Setting of the lesson on trained networks."""

from __future__ import annotations

from dataclasses import dataclass

from viz.lessons.fields import part_field
from viz.lessons.trained.networks import choices
from viz.settings import Choice, Slider, field
from viz.settings import Setting as BaseSetting

MOST_LAYERS, MOST_CHANNELS, MOST_SHOWN = 512, 4096, 32
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
    part: str = part_field({"shares": "Shares"})
