"""The stages of the lesson: maps, a 1×1 in groups, a ReLU, a channel shuffle, a second 1×1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import gcd
from typing import NamedTuple

import torch
from torch import nn

from viz.layers.channel_shuffle import ShuffleChannels, shuffle_channels
from viz.layers.pointwise import Pointwise
from viz.layers.recipes import diagonal_blocks
from viz.lessons.mixing import Mix, MixFields
from viz.lessons.pointwise.setting import GROUPS, Setting
from viz.lessons.stage import Channels, Inflow, Stage
from viz.lessons.stages import Bank, Switched
from viz.settings import Allowed
from viz.text import Message, Text, text


class Titles(NamedTuple):
    """The texts of the chip of a 1×1: dense, in groups, and in as many groups as channels."""

    dense: str
    groups: str
    depthwise: str


@dataclass(frozen=True, kw_only=True)
class GroupedMix(Mix[Setting]):
    """A 1×1 with the chosen number of groups, or the next smaller one that divides its channels."""

    titles: Titles

    def divisors(self, setting: Setting, arriving: Channels) -> tuple[int, ...]:
        """The possible numbers of groups."""
        return common_divisors(arriving.size, self.outputs(setting, arriving))

    def blocks(self, setting: Setting, arriving: Channels) -> int:
        """The number of groups, each of which is one block on the diagonal of its matrix."""
        return max(n for n in self.divisors(setting, arriving) if n <= setting.groups)

    def title(self, setting: Setting, arriving: Channels) -> Text:
        blocks = self.blocks(setting, arriving)
        if blocks == 1:
            return Text(self.titles.dense)
        if blocks == arriving.size:
            return Text(self.titles.depthwise)
        return text(self.titles.groups, n=blocks)

    def channels(self, setting: Setting, arriving: Channels) -> Channels:
        dense, blocks = super().channels(setting, arriving), self.blocks(setting, arriving)
        if blocks == 1:
            return dense
        # reduced to its blocks, every matrix but the identity changes
        kept = self.fields.read(setting).recipe == "identity"
        channels = dense if kept else Channels.numbered(dense.size)
        return channels._replace(row_length=dense.size // blocks)

    def build(self, setting: Setting, inflow: Inflow) -> nn.Module:
        matrix, recipe = self.matrix(setting, inflow)
        blocks = self.blocks(setting, inflow.channels)
        return Pointwise(diagonal_blocks(matrix, blocks), groups=blocks, recipe=recipe)


class FirstMix(GroupedMix):
    """The 1×1 with the control for the number of groups."""

    def clamp(self, setting: Setting, arriving: Channels) -> Setting:
        setting = super().clamp(setting, arriving)
        return replace(setting, groups=self.blocks(setting, arriving))

    def controls(self, setting: Setting, arriving: Channels) -> Mapping[str, Allowed]:
        options = tuple(n for n in self.divisors(setting, arriving) if n in GROUPS)
        choice = {"groups": Allowed(options=options)} if len(options) > 1 else {}
        return {**super().controls(setting, arriving), **choice}


class Shuffle(Switched[Setting]):
    """A channel shuffle, which has no effect without groups."""

    def clamp(self, setting: Setting, arriving: Channels) -> Setting:
        return replace(setting, shuffle=setting.shuffle and setting.groups > 1)

    def controls(self, setting: Setting, arriving: Channels) -> Mapping[str, Allowed]:
        return super().controls(setting, arriving) if setting.groups > 1 else {}

    def channels(self, setting: Setting, arriving: Channels) -> Channels:
        order = shuffle_channels(torch.arange(arriving.size)[:, None, None], setting.groups)
        return arriving.picked(order.flatten().tolist())._replace(row_length=setting.groups)


def common_divisors(inputs: int, outputs: int) -> tuple[int, ...]:
    """The possible numbers of groups of a layer.

    >>> common_divisors(16, 24)
    (1, 2, 4, 8)
    """
    most = gcd(inputs, outputs)
    return tuple(n for n in range(1, most + 1) if most % n == 0)


BANK: Bank[Setting] = Bank(
    lambda setting: setting.gabor if setting.bank == "gabor" else None,
    ("wavelength_px",),
    oriented="Oriented maps",
)
IN_GROUPS: Message = "1×1, {n} groups"
DEPTHWISE: Message = "1×1, depthwise"
SECOND_TITLE: Message = "Second 1×1"
SECOND_GROUPS: Message = "Second 1×1, {n} groups"
SECOND_DEPTHWISE: Message = "Second 1×1, depthwise"
FIRST = FirstMix(
    "pointwise",
    MixFields.of("pointwise"),
    otherwise="principal",  # opponent colours are close to those of natural colours
    titles=Titles("1×1", IN_GROUPS, DEPTHWISE),
)
SECOND = GroupedMix(
    "second",
    MixFields.of("second"),
    otherwise="principal",
    switch="second",
    titles=Titles(SECOND_TITLE, SECOND_GROUPS, SECOND_DEPTHWISE),
)
STAGES: tuple[Stage[Setting], ...] = (
    BANK,
    FIRST,
    Switched("relu", lambda _: text("ReLU"), lambda *_: nn.ReLU()),
    Shuffle("shuffle", lambda _: text("Shuffle"), lambda of, _: ShuffleChannels(of.groups)),
    SECOND,
)
