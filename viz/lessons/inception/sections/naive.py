"""The module with and without its 1×1 layers, side by side."""

from __future__ import annotations

from viz.lessons.blocks import Block, Table
from viz.lessons.inception.costs import counted, total
from viz.lessons.inception.setting import Setting
from viz.lessons.lesson import Scene, Section
from viz.numbers import exact
from viz.text import text


def show(scene: Scene[Setting]) -> list[Block]:
    """Their counts."""
    widths = scene.setting.widths
    both = {
        "naive": total(counted(widths, reduced=False, projected=False)),
        "reduced": total(counted(widths)),
    }
    head = [text("Module"), text("Output channels"), text("Weights"), text("MACs")]
    rows = [
        [name, exact(each.outputs), exact(each.weights), exact(each.macs)]
        for name, each in both.items()
    ]
    return [Table(head, rows)]


SECTION: Section[Setting] = Section(show)
