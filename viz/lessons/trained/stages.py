"""The stages: what leads to the open layer, and the layer, of which some maps are passed on."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from torch import nn

from viz.layers.borrowed import borrowed
from viz.layers.channel_shuffle import PickChannels
from viz.layers.pointwise import Pointwise
from viz.layers.recipes import grey_rows
from viz.lessons.stage import Channels, Inflow, Stage
from viz.lessons.trained.networks import Trained, usable
from viz.lessons.trained.opened import before, opened
from viz.lessons.trained.pieces import Piece
from viz.lessons.trained.setting import MOST_SHOWN, NETWORKS, Setting
from viz.memory import TooLarge
from viz.settings import ANY, Allowed
from viz.text import Message, Text, text
from viz.trace import receptive_field

TOO_SMALL: Message = "This picture is too small for that layer; choose a larger working size."


def open_piece(trained: Trained, setting: Setting) -> Piece:
    """The open layer; the last one for a larger number."""
    return trained.pieces[min(setting.layer, len(trained.pieces)) - 1]


@dataclass(frozen=True)
class Brightness(Stage[Setting]):
    """The picture's brightness, for a network of one channel."""

    trained: Trained
    name: str = "brightness"

    def is_on(self, setting: Setting) -> bool:
        return self.trained.entry.input_shape[0] == 1

    def clamp(self, setting: Setting, arriving: Channels) -> Setting:
        layer = min(setting.layer, len(self.trained.pieces))
        setting = replace(setting, network=self.trained.name, layer=layer)
        channels = open_piece(self.trained, setting).channels
        shown = min(setting.shown, channels)
        return replace(setting, shown=shown, first=min(setting.first, channels - shown + 1))

    def title(self, setting: Setting, arriving: Channels) -> Text:
        return text("Brightness")

    def channels(self, setting: Setting, arriving: Channels) -> Channels:
        return Channels(("Y",))

    def build(self, setting: Setting, inflow: Inflow) -> nn.Module:
        return Pointwise(grey_rows(1))


@dataclass(frozen=True)
class Before(Stage[Setting]):
    """All that leads from the picture to the open layer."""

    trained: Trained
    name: str = "before"
    has_filters = False

    def is_on(self, setting: Setting) -> bool:
        return bool(open_piece(self.trained, setting).source.sources)

    def title(self, setting: Setting, arriving: Channels) -> Text:
        return text("Up to it")

    def channels(self, setting: Setting, arriving: Channels) -> Channels:
        return Channels.numbered(open_piece(self.trained, setting).inputs)

    def build(self, setting: Setting, inflow: Inflow) -> nn.Module:
        piece, (_, height, width) = open_piece(self.trained, setting), inflow.pixels.shape
        _expect_room(self.trained, piece, (height, width))
        return borrowed(before(self.trained, piece))


@dataclass(frozen=True)
class Chosen(Stage[Setting]):
    """The open layer; the maps from the first channel on are passed on."""

    trained: Trained
    name: str = "layer"

    def title(self, setting: Setting, arriving: Channels) -> Text:
        return Text(open_piece(self.trained, setting).name)

    def controls(self, setting: Setting, arriving: Channels) -> Mapping[str, Allowed]:
        channels = open_piece(self.trained, setting).channels
        several = {"network": ANY} if len(NETWORKS) > 1 else {}
        return {
            **several,
            "layer": Allowed(most=len(self.trained.pieces)),
            "first": Allowed(most=channels - setting.shown + 1),
            "shown": Allowed(most=min(MOST_SHOWN, channels)),
        }

    def channels(self, setting: Setting, arriving: Channels) -> Channels:
        piece, first = open_piece(self.trained, setting), setting.first - 1
        classes = self.trained.classes if piece is self.trained.pieces[-1] else ()
        names = classes or tuple(str(n + 1) for n in range(piece.channels))
        return Channels(names[first : first + setting.shown])

    def build(self, setting: Setting, inflow: Inflow) -> nn.Module:
        layer = borrowed(opened(self.trained, open_piece(self.trained, setting)))
        picked = PickChannels(range(setting.first - 1, setting.first - 1 + setting.shown))
        return nn.Sequential(OrderedDict([*layer.named_children(), ("shown", picked)]))


def _expect_room(trained: Trained, piece: Piece, extent: tuple[int, int]) -> None:
    """Raises TooLarge if a picture is too small for a window up to this layer."""
    if not _has_room(trained, piece, extent):
        raise TooLarge(TOO_SMALL)


@lru_cache(maxsize=256)
def _has_room(trained: Trained, piece: Piece, extent: tuple[int, int]) -> bool:
    network = nn.Sequential(before(trained, piece), opened(trained, piece))
    try:
        receptive_field(network, (trained.entry.input_shape[0], *extent))
    except ValueError:
        return False
    return True


def stages(setting: Setting) -> tuple[Stage[Setting], ...]:
    """The stages of the network that was chosen, or of one that can be had; none if there is none."""
    trained = usable(setting.network)
    return () if trained is None else (Brightness(trained), Before(trained), Chosen(trained))
