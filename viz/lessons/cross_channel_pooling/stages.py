"""The stages of the lesson: the bank of 50, a shuffle of its channels, and the pooling over them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping

from torch import nn

from viz.layers.channel_shuffle import PermuteChannels
from viz.layers.cross_channel_pooling import PoolChannels, WinningChannel
from viz.lessons.bank_of_50 import OF_AN_ORIENTATION, BankOf50
from viz.lessons.cross_channel_pooling.fitted_layers import (
    fitted_layer,
    maxout_layer,
    parametric_layer,
)
from viz.lessons.cross_channel_pooling.names import class_names, pooled_channels
from viz.lessons.cross_channel_pooling.setting import Setting
from viz.lessons.cross_channel_pooling.shuffling import shuffle_order
from viz.lessons.stage import Channels, Groups, Inflow, Stage
from viz.lessons.stages import POOL_NOTES
from viz.settings import ANY, Allowed
from viz.text import Text, text


class Order(Stage[Setting]):
    """The same maps in another order."""

    name = "order"

    def is_on(self, setting: Setting) -> bool:
        return setting.shuffled

    def title(self, setting: Setting, arriving: Channels) -> Text:
        return text("Shuffle")

    def controls(self, setting: Setting, arriving: Channels) -> Mapping[str, Allowed]:
        return {"shuffled": ANY, **({"shuffle_seed": ANY} if setting.shuffled else {})}

    def channels(self, setting: Setting, arriving: Channels) -> Channels:
        order = shuffle_order(setting.shuffle_seed)
        return arriving.picked(order)._replace(row_length=arriving.row_length)

    def build(self, setting: Setting, inflow: Inflow) -> nn.Module:
        return PermuteChannels(shuffle_order(setting.shuffle_seed))


class Pooling(Stage[Setting]):
    """Many maps to few: by max or mean over groups, by maxout, or by a 1×1."""

    name = "pooling"

    def title(self, setting: Setting, arriving: Channels) -> Text:
        if setting.shows_winner:
            return text("Winner of {n}", n=setting.group)
        return {
            "max": text("Max over {n}", n=setting.group),
            "mean": text("Mean over {n}", n=setting.group),
            "maxout": text("Maxout of {k}", k=setting.pieces),
            "fitted": text("1×1, fitted"),
            "parametric": text("1×1, fitted, ReLU"),
        }[setting.kind]

    def controls(self, setting: Setting, arriving: Channels) -> Mapping[str, Allowed]:
        if setting.kind == "maxout":
            of_weights = {"fitted": ["group"], "random": ["seed"]}
            shown = ["units", "pieces", "maxout_weights"]
            shown += of_weights.get(setting.maxout_weights, [])
        else:
            shown = ["group", *["winner"] * (setting.kind == "max")]
        return dict.fromkeys(["kind", *shown], ANY)

    def channels(self, setting: Setting, arriving: Channels) -> Channels:
        in_order = setting.kind != "maxout" and not setting.shuffled
        row_length = max(1, OF_AN_ORIENTATION // setting.group) if in_order else 1
        return pooled_channels(setting)._replace(row_length=row_length)

    def groups(self, setting: Setting) -> Groups | None:
        note = POOL_NOTES.get(setting.kind)
        return Groups(setting.group, setting.kind, note) if note else None

    def classes(self, setting: Setting, arriving: Channels) -> tuple[str, ...]:
        return class_names(setting) if setting.shows_winner else ()

    def build(self, setting: Setting, inflow: Inflow) -> nn.Module:
        if setting.shows_winner:
            return WinningChannel(setting.group)
        if setting.kind in ("max", "mean"):
            return PoolChannels(setting.group, "max" if setting.kind == "max" else "mean")
        if setting.kind == "maxout":
            return maxout_layer(setting, inflow.measured, setting.shuffle)
        if setting.kind == "parametric":
            return parametric_layer(setting.group, inflow.measured, setting.shuffle)
        fitted = fitted_layer(setting.group, inflow.measured, setting.shuffle)
        return nn.Sequential(OrderedDict(fitted=fitted))


STAGES: tuple[Stage[Setting], ...] = (BankOf50(), Order(), Pooling())
