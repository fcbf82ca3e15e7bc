"""When the order does not matter: each case as maps, with its failing neighbour."""

from __future__ import annotations

from viz.lessons.blocks import Block, Panel, Panels, Prose, Table, Words
from viz.lessons.lesson import Scene, Section, always
from viz.lessons.pooling_order.agreement import Case, cases
from viz.lessons.pooling_order.setting import Setting
from viz.numbers import number
from viz.text import Text, text

TITLES = {
    "average": text("Average, 1×1 without a bias"),
    "counted": text("Average, 1×1 with a bias, zeros counted"),
    "left_out": text("Average, 1×1 with a bias, zeros not counted"),
    "single": text("Max, one non-negative input a row"),
    "relu": text("Max, ReLU"),
    "nonnegative": text("Max, 1×1 without negative weights"),
}
ORDERS = {
    "average": (text("average → 1×1"), text("1×1 → average")),
    "single": (text("max → 1×1"), text("1×1 → max")),
    "relu": (text("max → ReLU"), text("ReLU → max")),
}
ORDERS |= {"counted": ORDERS["average"], "left_out": ORDERS["average"]}
ORDERS |= {"nonnegative": ORDERS["single"]}


def show(scene: Scene[Setting]) -> list[Block]:
    """Every case in a line of a table, then its two maps and their difference."""
    maps, matrix = scene.input_of("orders"), scene.mixing("orders").matrix
    found = cases(maps, matrix[:1], scene.setting)
    blocks: list[Block] = [_table(found)]
    for case in found:
        blocks += [Prose(text("**{case}**", case=TITLES[case.name])), _maps(case)]
    return blocks


def _table(found: tuple[Case, ...]) -> Table:
    head: list[Words] = [text("Pool and layer"), text("Both orders"), text("Largest difference")]
    rows: list[list[Words]] = [
        [TITLES[case.name], _verdict(case), number(case.largest)] for case in found
    ]
    return Table(head, rows, words=2)


def _verdict(case: Case) -> Text:
    if case.largest == 0:
        return text("agree exactly")
    if case.agrees:
        return text("agree up to rounding")
    if case.name == "counted":
        return text("**differ** at the border")
    if case.is_ordered:
        return text("**differ**, but the first is never smaller")
    return text("**differ**")


def _maps(case: Case) -> Panels:
    first, second = ORDERS[case.name]
    # a difference of rounding alone must look like nothing: it shares the scale of the maps
    scale = case.name if case.agrees else ""
    panels = [
        Panel(first, case.first, scale=case.name),
        Panel(second, case.second, scale=case.name),
        Panel(text("difference"), case.difference, scale=scale, note=_extent(case)),
    ]
    return Panels(f"agree_{case.name}", panels, height_px=170, columns=3)


def _extent(case: Case) -> Text:
    low, high = number(float(case.difference.min())), number(float(case.difference.max()))
    return text("smallest {low}, largest {high}", low=low, high=high)


SECTION = Section(show, always("mix_seed"))
