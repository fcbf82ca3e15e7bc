"""The cost of every number of groups, and the reach of two layers with and without a shuffle."""

from __future__ import annotations

from viz.lessons.blocks import Block, Button, Panel, Panels, Table
from viz.lessons.lesson import Scene, Section
from viz.lessons.opening import Suggestion
from viz.lessons.pointwise.grouped import Grouped, grouped
from viz.lessons.pointwise.merged import pair
from viz.lessons.pointwise.reach import Reach, reach_of_one, reach_of_two
from viz.lessons.pointwise.setting import Setting
from viz.lessons.pointwise.stages import BANK, FIRST
from viz.lessons.stage import COLOURS
from viz.numbers import exact, number
from viz.text import Message, text


def show(scene: Scene[Setting]) -> list[Block]:
    """The costs as a table, and grouped layers as matrices."""
    layer, (height, width) = scene.mixing("pointwise"), scene.pixels.shape[-2:]
    head = ["Groups", "Channels an output reads", "Parameters", "MACs", "Share of dense"]
    rows = [
        _row(each, chosen=each.groups == layer.groups)
        for each in grouped(layer.in_channels, layer.out_channels, height, width)
    ]
    table = Table([text(name) for name in head], rows, words=0)
    panels = [_panel(title, reach) for title, reach in reached(scene).items()]
    return [*_more_channels(scene.setting), table, Panels("reached", panels, height_px=220)]


def _more_channels(setting: Setting) -> list[Block]:
    fields = {"bank": "gabor", "pointwise_recipe": "random", "stage": ""}
    return [Button(text("Use 16 oriented maps"), fields)] if setting.bank == "rgb" else []


def _row(cost: Grouped, *, chosen: bool) -> list[str]:
    counts = (cost.groups, cost.reads, cost.parameters, cost.macs)
    mark = "**" if chosen else ""
    return [f"{mark}{cell}{mark}" for cell in (*map(exact, counts), str(cost.share))]


def reached(scene: Scene[Setting]) -> dict[str, Reach]:
    """The reach of one layer and of two, whether or not the second is switched on."""
    plain, shuffled = (
        pair(scene.changed(second=True, shuffle=shuffle).built) for shuffle in (False, True)
    )
    titles: list[Message] = [
        "One grouped layer",
        "Two, one after the other",
        "Two, with a channel shuffle between",
    ]
    found = (reach_of_one(plain), reach_of_two(plain), reach_of_two(shuffled))
    return dict(zip(titles, found, strict=True))


def _panel(title: str, reach: Reach) -> Panel:
    note = text("{n} % of the weights are not 0", n=number(100 * reach.share))
    return Panel(text(title), reach.matrix[None], kind="weight", scale="matrix", note=note)


def controls(setting: Setting) -> tuple[str, ...]:
    """The number of groups if there is a choice; the shuffle if there are groups."""
    if setting.groups > 1:
        return "groups", "shuffle"
    choice = "groups" in FIRST.controls(setting, BANK.channels(setting, COLOURS))
    return ("groups",) if choice else ()


OPENING = {"bank": "gabor", "pointwise_recipe": "random", "groups": 4}
VIEWS = (
    Suggestion("Dense", {"groups": 1}),
    Suggestion("Depthwise", {"groups": 16}),
    Suggestion("Shuffle between two layers", {"shuffle": True, "second": True}),
)
SECTION = Section(show, controls, opening=OPENING, views=VIEWS)
