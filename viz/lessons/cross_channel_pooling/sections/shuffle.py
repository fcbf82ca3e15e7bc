"""The channels in another order: the effects on a group max and on a fitted 1×1."""

from __future__ import annotations

from torch import Tensor

from viz.lessons.blocks import Block, Panel, Panels, Prose
from viz.lessons.cross_channel_pooling.sections.looked_at import bank_maps, clicked_map, one_of
from viz.lessons.cross_channel_pooling.setting import Setting
from viz.lessons.cross_channel_pooling.shuffling import shuffled
from viz.lessons.lesson import Scene, Section, always
from viz.numbers import number
from viz.text import Text, text


def show(scene: Scene[Setting]) -> list[Block]:
    """One map of the group max and of the fitted 1×1, before and after the shuffle."""
    seen = shuffled(bank_maps(scene), scene.setting.group, scene.setting.shuffle_seed)
    at, name = clicked_map(scene)

    def panel(title: Text, maps: Tensor, note: Text) -> Panel:
        return Panel(title, one_of(maps, at), scale="pooled", note=note)

    panels = [
        panel(text("Group max, map {name}", name=name), seen.wanted, text("the reference")),
        panel(
            text("Group max, channels shuffled"),
            seen.wrecked,
            _off(seen.wrecked_error, seen.wrecked_correlation),
        ),
        panel(
            text("1×1, fitted"),
            seen.fitted,
            text("error {error}", error=number(seen.fitted_error)),
        ),
        panel(
            text("1×1, channels shuffled, fitted again"),
            seen.refitted,
            _off(seen.refitted_error, seen.refitted_correlation),
        ),
    ]
    caption = text(
        "Click another map above to see that one. Error 0 is equal to the reference, 1 is as far from it as the mean of each map."
    )
    return [
        Panels("shuffled_maps", panels, height_px=220, columns=4),
        Prose(caption, "caption"),
    ]


def _off(error: float, correlation: float) -> Text:
    return text("error {error}, correlation {r}", error=number(error), r=number(correlation, 2))


SECTION = Section(show, always("shuffled", "shuffle_seed"), opening={"shuffled": True})
