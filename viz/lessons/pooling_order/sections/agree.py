"""When the order does not matter: each case as maps, with its failing neighbour."""

from __future__ import annotations

from viz.lessons.blocks import Block, Panel, Panels
from viz.lessons.lesson import Scene, Section
from viz.lessons.opening import Suggestion
from viz.lessons.pooling_order.agreement import Case, cases
from viz.lessons.pooling_order.pools import AVERAGE
from viz.lessons.pooling_order.setting import Setting
from viz.numbers import number
from viz.text import Text, text

TITLES = {
    "average": text("Average, 1×1 without a bias"),
    "counted": text("Average, bias, zeros counted"),
    "left_out": text("Average, bias, zeros not counted"),
    "single": text("Max, one non-negative input"),
    "relu": text("Max, ReLU"),
    "nonnegative": text("Max, non-negative weights"),
}
FIRST = {"relu": text("the pool, then the ReLU")}


def show(scene: Scene[Setting]) -> list[Block]:
    """Every case with its map and the difference of both orders."""
    maps, matrix = scene.input_of("orders"), scene.mixing("orders").matrix
    found = cases(maps, matrix[:1], scene.setting)
    panels = [panel for case in found for panel in (_map(case), _difference(case))]
    return [Panels("agreement_maps", panels, height_px=340, columns=4)]


def _map(case: Case) -> Panel:
    note = FIRST.get(case.name, text("the pool, then the 1×1"))
    return Panel(TITLES[case.name], case.first, scale=case.name, note=note)


def _difference(case: Case) -> Panel:
    """The difference of both orders: on one scale, so that rounding looks like nothing."""
    return Panel(_verdict(case), case.difference, scale="difference", note=_extent(case))


def _verdict(case: Case) -> Text:
    if case.largest == 0:
        return text("Both orders agree exactly")
    if case.agrees:
        return text("Both orders agree up to rounding")
    if case.name == "nonnegative" and case.is_ordered:
        return text("Difference, nowhere negative")
    return text("The orders differ")


def _extent(case: Case) -> Text:
    if case.largest == 0:
        return text("difference 0 everywhere")
    low, high = number(float(case.difference.min())), number(float(case.difference.max()))
    return text("difference from {low} to {high}", low=low, high=high)


SECTION = Section(
    show,
    picture="astronaut",
    views=(
        Suggestion("Where a bias differs", {"beta": AVERAGE, "bias": True, "counted": True}),
        Suggestion("One input a row", {"mix_recipe": "identity", "mix_outputs": 3}),
        Suggestion("No negative weight", {"mix_recipe": "nonnegative"}),
    ),
)
