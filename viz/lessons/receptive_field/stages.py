"""The stages of the lesson: one for each layer of the stack, or of the network that was chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from torch import nn

from viz.lessons.receptive_field.presets import preset
from viz.lessons.receptive_field.setting import OWN, Setting
from viz.lessons.receptive_field.stack import WIDTH, field_of, fitted, module
from viz.lessons.stage import Channels, Inflow, Stage
from viz.settings import ANY, MAX_LAYERS, Allowed, LayerValues
from viz.text import Text, text

TITLES = {
    "c": "{n}×{n}: +{px} px",
    "d": "depthwise {n}×{n}: +{px} px",
    "m": "max {n}×{n}: +{px} px",
    "a": "mean {n}×{n}: +{px} px",
}


def shown_layers(setting: Setting) -> LayerValues:
    """The layers that are built: those of the chosen network, if it is a stack, else the visitor's."""
    if setting.network == OWN:
        return setting.layers
    return preset(setting.network).layers or setting.layers


@dataclass(frozen=True)
class LayerStage(Stage[Setting]):
    """The layer at a place of the stack.

    Attributes:
        at: its place, from 0 on.
        name: of the stage.
    """

    at: int
    name: str
    has_filters = False  # the photo is what counts here, and random weights say nothing

    def clamp(self, setting: Setting, arriving: Channels) -> Setting:
        return setting if self.at else replace(setting, layers=shown_layers(setting))

    def title(self, setting: Setting, arriving: Channels) -> Text:
        layers = setting.layers[: self.at + 1]
        grown = field_of(layers).size[0] - field_of(layers[:-1]).size[0]
        return text(TITLES[layers[-1].kind], n=layers[-1].kernel, px=grown)

    def controls(self, setting: Setting, arriving: Channels) -> Mapping[str, Allowed]:
        return {"seed": ANY, "relu": ANY}

    def channels(self, setting: Setting, arriving: Channels) -> Channels:
        return Channels.numbered(WIDTH) if setting.layers[self.at].kind == "c" else arriving

    def build(self, setting: Setting, inflow: Inflow) -> nn.Module:
        height, width = inflow.pixels.shape[-2:]
        fit = fitted(setting.layers, (height, width))[self.at]
        seed = MAX_LAYERS * setting.seed + self.at
        gathers = any(each.kernel > 1 and not each.is_pool for each in setting.layers[: self.at])
        count = inflow.channels.size
        return module(fit, count, relu=setting.relu, seed=seed, gathers=gathers)


def stages(setting: Setting) -> tuple[LayerStage, ...]:
    """One stage for each layer."""
    return tuple(LayerStage(at, stage_name(at)) for at in range(len(shown_layers(setting))))


def stage_name(at: int) -> str:
    """The name of the stage at a place.

    >>> stage_name(0)
    'layer1'
    """
    return f"layer{at + 1}"
