"""What the reductions add to a path: layers, and a ReLU."""

from __future__ import annotations

from viz.lessons.blocks import Block, Panel, Panels, Prose, Table, Words
from viz.lessons.inception.branch import input_of_module
from viz.lessons.inception.depth import Depths, Switched, of_googlenet, of_module, switched
from viz.lessons.inception.merging import pair
from viz.lessons.inception.setting import Setting
from viz.lessons.lesson import Scene, Section, always
from viz.lessons.opening import Suggestion
from viz.numbers import number
from viz.text import text

SHOWN = 2  # maps, those that change most


def show(scene: Scene[Setting]) -> list[Block]:
    """A branch with and without the ReLU after its 1×1, and the depths counted."""
    x, branch = input_of_module(scene), scene.setting.branch
    found = switched(pair(branch, scene.setting).to(x.device), x)
    widths = scene.setting.widths
    counts = {each: of_module(widths, reduced=each) for each in (False, True)}
    whole = {each: of_googlenet(reduced=each) for each in (False, True)}
    sentence = text(
        "With its reductions the module is **{reduced} layers** deep instead of {naive}, and GoogLeNet "
        "**{deep}** instead of {shallow}.",
        reduced=counts[True].layers,
        naive=counts[False].layers,
        deep=whole[True].layers,
        shallow=whole[False].layers,
    )
    caption = text(
        "Layers are convolutions and linear layers. Without reductions the 3×3 and the 5×5 read all input channels; the 1×1 after the pool stays."
    )
    return [
        Prose(sentence, "heading"),
        _maps(found, branch),
        _table(counts, whole),
        Prose(caption, "caption"),
    ]


def _maps(found: Switched, branch: str) -> Panels:
    shown = found.most_changed[:SHOWN]
    names = [str(each + 1) for each in shown]
    cut = text(
        "the ReLU sets {cut} % of the numbers after the 1×1 to 0", cut=number(100 * found.cut)
    )
    changed = text(
        "the ReLU changes the branch's output by {changed} %", changed=number(100 * found.changed)
    )
    on = {"three": text("3×3 branch, as it is"), "five": text("5×5 branch, as it is")}[branch]
    panels = [
        Panel(on, found.on[shown], names, scale="maps", note=cut),
        Panel(text("Without the ReLU after its 1×1"), found.off[shown], names, scale="maps"),
        Panel(text("Difference"), (found.on - found.off)[shown], names, note=changed),
    ]
    return Panels("relu_switched", panels, height_px=260)


def _table(counts: dict[bool, Depths], whole: dict[bool, Depths]) -> Table:
    head = ["Longest path", "Layers in a row", "ReLUs in a row", "ReLUs on all paths"]
    found = {
        text("This module without reductions"): counts[False],
        text("This module"): counts[True],
        text("GoogLeNet without reductions"): whole[False],
        text("GoogLeNet"): whole[True],
    }
    rows: list[list[Words]] = [[name, *map(str, each)] for name, each in found.items()]
    return Table([text(name) for name in head], rows)


SECTION = Section(
    show,
    always("branch"),
    views=(
        Suggestion("The 5×5 branch", {"branch": "five"}),
        Suggestion("Another draw of weights", {"seed": 3}),
    ),
)
