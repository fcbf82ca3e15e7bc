"""One pixel's 50 values in their groups, with the winners highlighted."""

from __future__ import annotations

from viz.figures.groups import group_bars
from viz.lessons.bank_of_50 import CHANNELS
from viz.lessons.blocks import Block, Chart, Prose
from viz.lessons.cross_channel_pooling.names import group_channels
from viz.lessons.cross_channel_pooling.sections.looked_at import clicked_pixel
from viz.lessons.cross_channel_pooling.setting import Setting
from viz.lessons.cross_channel_pooling.winners import winners_of_pixel
from viz.lessons.lesson import Scene, Section
from viz.text import text

LIT = {
    "max": "Highlighted: the largest of each group; it is kept.",
    "mean": "Highlighted: the largest of each group; the layer above keeps the mean.",
}
LIT_OTHERWISE = "Highlighted: what a group max would keep; the layer above reads all of them."


def show(scene: Scene[Setting]) -> list[Block]:
    """The values as bars, and the pixel that they belong to."""
    setting = scene.setting
    row, column = clicked_pixel(scene)
    values, arriving = scene.input_of("pooling")[:, row, column], scene.channels("order")
    bars = {
        "values": values.tolist(),
        "group": setting.group,
        "winners": winners_of_pixel(values, setting.group),
        "names": arriving.names,
        "group_names": group_channels(setting).names,
        "marks": arriving.marks,
        "axis_title": text("response, in standard deviations"),
    }
    alt = text(
        "{all} numbers of the pixel in row {row}, column {column}, in groups of {n}",
        all=CHANNELS,
        row=row,
        column=column,
        n=setting.group,
    )
    where = text(
        "The pixel in row {row}, column {column}. {lit} Click a map above to see another pixel.",
        row=row,
        column=column,
        lit=text(LIT.get(setting.kind, LIT_OTHERWISE)),
    )
    return [Chart("pixel_bars", group_bars, bars, alt), Prose(where, "caption")]


SECTION = Section(show)
