"""Stages of several lessons: a bank of oriented filters, and stages with only a switch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from torch import nn

from viz.layers.gabor import GaborBank, GaborBanksParameters, GaborParameters
from viz.layers.pointwise import Pointwise
from viz.layers.recipes import grey_rows
from viz.lessons.stage import Channels, Inflow, Stage
from viz.settings import ANY, Allowed, Setting
from viz.text import Text, text

S = TypeVar("S", bound=Setting)


def oriented_maps(gabor: GaborParameters | GaborBanksParameters) -> nn.Sequential:
    """A bank of Gabor filters on the luminance of a colour picture.

    >>> import torch
    >>> bank = oriented_maps(GaborParameters(4, 2, 8.0, 4.0, 21, 1.0))
    >>> bank(torch.zeros(3, 30, 40)).shape
    torch.Size([8, 30, 40])
    """
    bank = nn.Sequential()
    bank.add_module("luminance", Pointwise(grey_rows(1)))
    bank.add_module("gabor", GaborBank(gabor))
    return bank


@dataclass(frozen=True)
class Bank(Stage[S]):
    """The first stage: the picture's colours, or oriented maps of its brightness.

    Attributes:
        gabor: the filters of a Setting; None for the colours.
        fields: the fields of the filters.
        oriented: the text of the chip for filters.
    """

    gabor: Callable[[S], GaborParameters | None]
    fields: tuple[str, ...]
    oriented: str = "Gabor"
    name: str = "bank"

    def title(self, setting: S, arriving: Channels) -> Text:
        return text("Colours") if self.gabor(setting) is None else Text(self.oriented)

    def controls(self, setting: S, arriving: Channels) -> Mapping[str, Allowed]:
        shown = () if self.gabor(setting) is None else self.fields
        return dict.fromkeys(("bank", *shown), ANY)

    def channels(self, setting: S, arriving: Channels) -> Channels:
        filters = self.gabor(setting)
        if filters is None:
            return arriving
        return Channels(filter_names(filters.orientations, filters.phases), filters.phases)

    def build(self, setting: S, inflow: Inflow) -> nn.Module:
        filters = self.gabor(setting)
        return nn.Identity() if filters is None else oriented_maps(filters)


def orientation_names(orientations: int) -> tuple[str, ...]:
    """The names of the orientations of the bars.

    >>> orientation_names(4)
    ('0°', '45°', '90°', '135°')
    """
    return tuple(f"{180 * o / orientations:g}°" for o in range(orientations))


def phase_names(phases: int) -> tuple[str, ...]:
    """The names of the phases of the bars.

    >>> phase_names(2)
    ('0°', '90°')
    """
    return tuple(f"{90 * phase}°" for phase in range(phases))


def filter_names(orientations: int, phases: int) -> tuple[str, ...]:
    """The name of each filter: its orientation, and its phase if there are several."""
    degrees = orientation_names(orientations)
    if phases == 1:
        return degrees
    return tuple(f"{angle} {phase}" for angle in degrees for phase in phase_names(phases))


@dataclass(frozen=True)
class Switched(Stage[S]):
    """A stage with a switch, the field of the same name, and no other controls.

    Attributes:
        name: the name of the stage and of the field.
        says: the text of the chip.
        module: a Setting and a number of channels -> the module, which keeps the channels.
    """

    name: str
    says: Callable[[S], Text]
    module: Callable[[S, int], nn.Module]

    def is_on(self, setting: S) -> bool:
        return bool(getattr(setting, self.name))

    def title(self, setting: S, arriving: Channels) -> Text:
        return self.says(setting)

    def controls(self, setting: S, arriving: Channels) -> Mapping[str, Allowed]:
        return {self.name: ANY}

    def build(self, setting: S, inflow: Inflow) -> nn.Module:
        return self.module(setting, inflow.channels.size)
