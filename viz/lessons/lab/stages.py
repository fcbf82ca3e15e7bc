"""The stages of the Lab: maps, a rectifier, pooling over channels, and two 1×1 layers."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace

from torch import nn

from viz.layers.channel_shuffle import ShuffleChannels
from viz.layers.cross_channel_pooling import PoolChannels
from viz.lessons.lab.setting import Setting
from viz.lessons.learned_bank import LearnedFilters
from viz.lessons.mixing import Mix, MixFields
from viz.lessons.stage import Channels, Groups, Inflow, Stage
from viz.lessons.stages import (
    POOL_NOTES,
    Bank,
    Rectifier,
    orientation_channels,
    phase_channels,
)
from viz.settings import ANY, Allowed
from viz.text import Text, text


class FirstStage(Stage[Setting]):
    """The picture's colours, Gabor filters, or learned ones."""

    name = "bank"

    def title(self, setting: Setting, arriving: Channels) -> Text:
        return _bank(setting).title(setting, arriving)

    def controls(self, setting: Setting, arriving: Channels) -> Mapping[str, Allowed]:
        return {"bank": ANY, **_bank(setting).controls(setting, arriving)}

    def channels(self, setting: Setting, arriving: Channels) -> Channels:
        return _bank(setting).channels(setting, arriving)

    def build(self, setting: Setting, inflow: Inflow) -> nn.Module:
        return _bank(setting).build(setting, inflow)


LEARNED: Stage[Setting] = LearnedFilters()
BANK: Stage[Setting] = Bank(
    lambda setting: setting.gabor if setting.bank == "gabor" else None,
    ("orientations", "phases", "wavelength_px", "sigma_px", "aspect", "size_px"),
)


def _bank(setting: Setting) -> Stage[Setting]:
    return LEARNED if setting.bank == "learned" else BANK


class Pooling(Stage[Setting]):
    """Cross-channel pooling over phases, over orientations, or over consecutive channels."""

    name = "pooling"

    def is_on(self, setting: Setting) -> bool:
        return setting.pooling != "none"

    def clamp(self, setting: Setting, arriving: Channels) -> Setting:
        over = setting.pool_over if setting.bank == "gabor" else "channels"
        group = max(n for n in divisors(arriving.size) if n <= setting.group)
        return replace(setting, pool_over=over, group=group)

    def title(self, setting: Setting, arriving: Channels) -> Text:
        said = {"max": "Max over {n}", "mean": "Mean over {n}"}.get(setting.pooling)
        return text(said, n=pooled_group(setting)) if said else text("Pooling")

    def controls(self, setting: Setting, arriving: Channels) -> Mapping[str, Allowed]:
        if not self.is_on(setting):
            return {"pooling": ANY}
        of_filters = ("phases", "orientations") if setting.bank == "gabor" else ()
        over = {"pool_over": Allowed(options=(*of_filters, "channels"))}
        group = {"group": Allowed(options=divisors(arriving.size))}
        return {"pooling": ANY, **over, **(group if setting.pool_over == "channels" else {})}

    def channels(self, setting: Setting, arriving: Channels) -> Channels:
        if setting.pool_over == "channels":
            return Channels.numbered(arriving.size // setting.group)
        if setting.pool_over == "phases":
            return orientation_channels(setting.orientations)
        return phase_channels(setting.phases)

    def groups(self, setting: Setting) -> Groups | None:
        note = POOL_NOTES.get(setting.pooling)
        if note is None:
            return None
        order = by_phase(setting) if setting.pool_over == "orientations" else ()
        return Groups(pooled_group(setting), setting.pooling, note, order)

    def build(self, setting: Setting, inflow: Inflow) -> nn.Module:
        pool = PoolChannels(pooled_group(setting), "max" if setting.pooling == "max" else "mean")
        if setting.pool_over != "orientations":
            return pool
        shuffle = ShuffleChannels(setting.orientations)
        return nn.Sequential(OrderedDict[str, nn.Module](by_phase=shuffle, pool=pool))


def pooled_group(setting: Setting) -> int:
    """The number of maps that become one, in a clamped Setting."""
    by_filters = {"phases": setting.phases, "orientations": setting.orientations}
    return by_filters.get(setting.pool_over, setting.group)


def by_phase(setting: Setting) -> tuple[int, ...]:
    """The bank's channels, phase by phase, as `ShuffleChannels` puts them.

    >>> by_phase(Setting(orientations=3, phases=2))
    (0, 2, 4, 1, 3, 5)
    """
    channels = range(setting.orientations * setting.phases)
    return tuple(n for phase in range(setting.phases) for n in channels[phase :: setting.phases])


def divisors(number: int) -> tuple[int, ...]:
    """All divisors, ascending.

    >>> divisors(12)
    (1, 2, 3, 4, 6, 12)
    """
    return tuple(n for n in range(1, number + 1) if number % n == 0)


STAGES: tuple[Stage[Setting], ...] = (
    FirstStage(),
    Rectifier(),
    Pooling(),
    Mix("pointwise", MixFields.of("pointwise"), switch="pointwise", relu="pointwise_relu"),
    Mix("strided", MixFields.of("strided"), switch="strided", stride="stride"),
)
