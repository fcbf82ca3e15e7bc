"""The same 50 maps through a max without weights, maxout, and a 1×1."""

from __future__ import annotations

from collections.abc import Mapping

from viz.lessons.blocks import Block, Panel, Panels, Prose
from viz.lessons.cross_channel_pooling.fitted_layers import fitted_layer
from viz.lessons.cross_channel_pooling.ladder import Rung, ladder
from viz.lessons.cross_channel_pooling.sections.looked_at import (
    bank_maps,
    clicked_map,
    clicked_pixel,
    one_of,
)
from viz.lessons.cross_channel_pooling.sections.maxout import learned, one_unit
from viz.lessons.cross_channel_pooling.setting import Setting
from viz.lessons.lesson import Long, Scene, Section, always
from viz.lessons.measured import looking_at
from viz.numbers import exact, number
from viz.progress import Progress
from viz.text import Text, text

TITLES = {
    "max": text("Group max"),
    "maxout": text("Maxout"),
    "fitted": text("1×1, fitted"),
    "parametric": text("1×1 and ReLU, fitted"),
}


def show(scene: Scene[Setting]) -> Long:
    """Four methods in maps and numbers, then the pieces of a maxout unit; ignores a shuffle."""
    setting, maps = scene.setting, bank_maps(scene)
    fitted = fitted_layer(setting.group, looking_at(maps)).to(maps.device)
    maxout = yield from learned(setting, maps, fitted)
    yield Progress(setting.units / (setting.units + 1), text("Fitting the 1×1 and its ReLU"))
    rungs = ladder(setting, maps, maxout, fitted)
    yield None
    at, name = clicked_map(scene)
    row, column = clicked_pixel(scene)
    return [_maps(rungs, at), _caption(name), one_unit(maxout, maps[:, row, column])]


def _maps(rungs: Mapping[str, Rung], at: int) -> Block:
    """The maps of each method, then the residuals of those that imitate the first."""
    panels = [
        Panel(TITLES[name], one_of(each.maps, at), scale="pooled", note=_note(name, each))
        for name, each in rungs.items()
    ]
    panels += [
        Panel(
            text("{layer}, minus group max", layer=TITLES[name]),
            one_of(each.residual, at),
            scale="residual",
        )
        for name, each in rungs.items()
        if name != "max" and each.residual is not None
    ]
    return Panels("ladder_maps", panels, height_px=220, columns=4)


def _note(name: str, each: Rung) -> Text:
    costs = text("{n} parameters, {macs} MACs", n=exact(each.parameters), macs=exact(each.macs))
    if name == "max" or each.error is None:
        return costs
    return text("{costs}; error {error}", costs=costs, error=number(each.error))


def _caption(name: str) -> Block:
    caption = text(
        "Map {name} of each layer; click another map above to see that one. The errors are over all maps: 0 is equal to "
        "the group max, 1 is as far from it as the mean of each map.",
        name=name,
    )
    return Prose(caption, "caption")


SECTION = Section(show, always("pieces", "units", "maxout_weights"))
