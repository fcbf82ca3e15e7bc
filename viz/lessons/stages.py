"""Stages of several lessons: a bank of oriented filters, and stages with only a switch."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from torch import nn

from viz.layers.activation import Square
from viz.layers.gabor import GaborBank, GaborBanksParameters, GaborParameters
from viz.layers.pointwise import Pointwise
from viz.layers.recipes import grey_rows
from viz.lessons.stage import Channels, Inflow, Stage
from viz.marks import oriented, phased
from viz.settings import ANY, Allowed, Setting
from viz.text import Message, Text, text

S = TypeVar("S", bound=Setting)

POOL_NOTES: Mapping[str, Message] = {
    "max": "The largest number of each group is kept, the others are dropped.",
    "mean": "The mean of each group is kept (the line).",
}


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
        choice: the field that chooses between both; empty if it is always filters.
    """

    gabor: Callable[[S], GaborParameters | None]
    fields: tuple[str, ...]
    oriented: str = "Gabor"
    choice: str = "bank"
    name: str = "bank"

    def title(self, setting: S, arriving: Channels) -> Text:
        return text("Colours") if self.gabor(setting) is None else Text(self.oriented)

    def controls(self, setting: S, arriving: Channels) -> Mapping[str, Allowed]:
        shown = () if self.gabor(setting) is None else self.fields
        chosen = (self.choice,) if self.choice else ()
        return dict.fromkeys((*chosen, *shown), ANY)

    def channels(self, setting: S, arriving: Channels) -> Channels:
        filters = self.gabor(setting)
        if filters is None:
            return arriving
        return filter_channels(filters.orientations, filters.phases, filters.first_phase_degrees)

    def build(self, setting: S, inflow: Inflow) -> nn.Module:
        filters = self.gabor(setting)
        return nn.Identity() if filters is None else oriented_maps(filters)


def orientation_channels(orientations: int) -> Channels:
    """Maps that are named by the orientation of their bars, and stand for it.

    >>> orientation_channels(4).names
    ('0°', '45°', '90°', '135°')
    """
    degrees = [180 * o / orientations for o in range(orientations)]
    return Channels(tuple(f"{each:g}°" for each in degrees), marks=oriented(degrees))


def phase_channels(phases: int, first_degrees: float = 0.0) -> Channels:
    """Maps that are named by the phase φ of their bars, and stand for it.

    >>> phase_channels(2).names, phase_channels(2, 45).names
    (('φ0°', 'φ90°'), ('φ45°', 'φ135°'))
    """
    degrees = [(first_degrees + 90 * phase) % 360 for phase in range(phases)]
    return Channels(tuple(f"φ{each:g}°" for each in degrees), marks=phased(degrees))


def filter_channels(orientations: int, phases: int, first_degrees: float = 0.0) -> Channels:
    """The maps of filters: named by orientation and, if there are several, phase.

    >>> filter_channels(2, 2).names
    ('0° φ0°', '0° φ90°', '90° φ0°', '90° φ90°')
    """
    angles, waves = orientation_channels(orientations), phase_channels(phases, first_degrees)
    return angles if phases == 1 else of_orientations(angles, waves.names)


def of_orientations(angles: Channels, names: Sequence[str]) -> Channels:
    """For each orientation a row of maps with further names; all stand for their orientation."""
    named = tuple(f"{angle} {name}" for angle in angles.names for name in names)
    return Channels(named, len(names), tuple(mark for mark in angles.marks for _ in names))


class Rectifier(Stage[S]):
    """A function for negative values, by the field of its name: none, ReLU or square."""

    name = "rectifier"

    def is_on(self, setting: S) -> bool:
        return self._function(setting) != "none"

    def title(self, setting: S, arriving: Channels) -> Text:
        return Text({"relu": "ReLU", "square": "Square"}.get(self._function(setting), "Rectifier"))

    def controls(self, setting: S, arriving: Channels) -> Mapping[str, Allowed]:
        return {"rectifier": ANY}

    def build(self, setting: S, inflow: Inflow) -> nn.Module:
        return nn.ReLU() if self._function(setting) == "relu" else Square()

    def _function(self, setting: S) -> str:
        return str(getattr(setting, self.name))


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
