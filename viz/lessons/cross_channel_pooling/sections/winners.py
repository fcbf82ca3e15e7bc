"""The channel of each group that wins at every pixel, and how often each wins."""

from __future__ import annotations

from viz.figures.groups import shares
from viz.layers.cross_channel_pooling import winning_channel
from viz.lessons.bank_of_50 import CHANNELS, PHASES
from viz.lessons.blocks import Block, Chart, Panel, Panels
from viz.lessons.cross_channel_pooling.names import class_names, group_channels
from viz.lessons.cross_channel_pooling.setting import Setting
from viz.lessons.cross_channel_pooling.winners import winner_shares
from viz.lessons.lesson import Scene, Section
from viz.lessons.opening import Suggestion
from viz.text import text


def show(scene: Scene[Setting]) -> list[Block]:
    """The winners as maps of classes, then their shares."""
    setting = scene.setting
    won = winning_channel(scene.input_of("pooling"), setting.group)
    groups, classes = group_channels(setting), class_names(setting)
    panel = Panel(
        text("Who wins in each group"),
        won,
        groups.names,
        kind="class",
        classes=classes,
        marks=groups.marks,
    )
    bars = {
        "fractions": winner_shares(won, setting.group).tolist(),
        "names": scene.channels("order").names,
        "classes": classes,
        "group_names": groups.names,
        "axis_title": text("wins, % of the pixels"),
    }
    alt = text(
        "How often each of {n} channels wins its group of {group}", n=CHANNELS, group=setting.group
    )
    return [
        Panels("winner_maps", [panel], height_px=360, columns=1),
        Chart("winner_shares", shares, bars, alt),
    ]


SECTION = Section(
    show,
    opening={"winner": True},
    views=(
        Suggestion("Only the phases compete", {"group": PHASES}),
        Suggestion("All fifty compete", {"group": CHANNELS}),
    ),
)
