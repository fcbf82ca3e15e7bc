"""The stages of the lesson: a bank of oriented filters, a rectifier, and what pools its channels."""

from __future__ import annotations

from collections.abc import Mapping

from torch import nn

from viz.layers.cross_channel_pooling import PoolChannels
from viz.layers.pointwise import Pointwise
from viz.layers.recipes import Recipe, edited, group_mean_rows
from viz.lessons.orientation.setting import Setting
from viz.lessons.stage import Channels, Groups, Inflow, Stage
from viz.lessons.stages import POOL_NOTES, Bank, Rectifier, orientation_channels
from viz.settings import ANY, Allowed
from viz.text import Message, Text, text

FILTERS = (
    *("orientations", "phases", "first_phase_degrees"),
    *("wavelength_px", "sigma_px", "aspect", "size_px"),
)
EDGE_STRENGTH: Message = "edge strength"
EDGES = Channels((EDGE_STRENGTH,))


class Pooling(Stage[Setting]):
    """A 1×1 over the phases, or over all channels; or a max over the phases, which has no weights."""

    name = "pooling"

    @property
    def cells(self) -> str:
        return "pooling_edits"

    def title(self, setting: Setting, arriving: Channels) -> Text:
        if setting.pooling == "max":
            return text("Max over {n}", n=setting.phases)
        return text("1×1 over {n}", n=arriving.size // outputs(setting))

    def controls(self, setting: Setting, arriving: Channels) -> Mapping[str, Allowed]:
        return {"pooling": ANY}

    def channels(self, setting: Setting, arriving: Channels) -> Channels:
        if setting.pooling == "orientations":
            return EDGES
        return orientation_channels(setting.orientations)

    def groups(self, setting: Setting) -> Groups | None:
        if setting.pooling != "max":
            return None
        return Groups(setting.phases, "max", POOL_NOTES["max"])

    def build(self, setting: Setting, inflow: Inflow) -> nn.Module:
        if setting.pooling == "max":
            return PoolChannels(setting.phases, "max")
        sizes = {"outputs": outputs(setting), "channels": inflow.channels.size}
        edits = setting.pooling_edits
        recipe = Recipe(group_mean_rows, tuple(sizes.items()), edits)
        return Pointwise(edited(group_mean_rows(**sizes), edits), recipe=recipe)


def outputs(setting: Setting) -> int:
    """The number of maps that leave the pooling.

    >>> outputs(Setting()), outputs(Setting(pooling="orientations"))
    (4, 1)
    """
    return 1 if setting.pooling == "orientations" else setting.orientations


STAGES: tuple[Stage[Setting], ...] = (
    Bank(lambda setting: setting.gabor, FILTERS, choice=""),
    Rectifier(),
    Pooling(),
)
