"""The module with and without its 1×1 layers, side by side."""

from __future__ import annotations

from dataclasses import replace

from viz.lessons.blocks import Block, Columns, Prose, Table, Words
from viz.lessons.inception.boxes import alone
from viz.lessons.inception.costs import Counted, counted, total
from viz.lessons.inception.setting import Setting
from viz.lessons.lesson import Scene, Section
from viz.networks.googlenet import MODULES, Inception
from viz.numbers import exact, number
from viz.text import Text, text

FIRST = MODULES[0]


def show(scene: Scene[Setting]) -> list[Block]:
    """What the 5×5 costs here and in GoogLeNet, both modules as diagrams, and their counts."""
    widths = scene.setting.widths
    naive, reduced = counted(widths, reduced=False, projected=False), counted(widths)
    return [
        Prose(_five(widths), "heading"),
        Prose(text("GoogLeNet's {name}: {costs}.", name=FIRST.name, costs=_five(FIRST))),
        Columns(
            [
                _diagram(scene, "naive", text("Naive: every kernel reads all input maps"), False),
                _diagram(scene, "reduced", text("Reduced: a 1×1 before, or after the pool"), True),
            ]
        ),
        _table(naive, reduced),
        Prose(
            text(
                "Biases are left out. Activations are the outputs of all layers as 32-bit floats; a ReLU overwrites its input."
            ),
            "caption",
        ),
    ]


def _diagram(scene: Scene[Setting], key: str, name: Text, switched_on: bool) -> list[Block]:
    setting = replace(scene.setting, reduced=switched_on, projected=switched_on)
    return [Prose(text("**{name}**", name=name)), alone(scene, setting, key)]


def _five(widths: Inception) -> Text:
    """The multiply-adds of the 5×5 branch without and with its reduction."""
    naive = counted(widths, reduced=False)["five"].macs
    reduced = counted(widths)["five"].macs
    ratio = naive / reduced
    return text(
        "5×5, {inputs} → {outputs} channels on {side} × {side}: **{naive}** MACs; through {between}: **{reduced}**, {ratio}",
        inputs=widths.inputs,
        outputs=widths.five,
        side=widths.side_px,
        naive=exact(naive),
        between=widths.reduce_five,
        reduced=exact(reduced),
        ratio=text("{n} times fewer", n=number(ratio)) if ratio > 1 else text("not fewer"),
    )


def _table(naive: dict[str, Counted], reduced: dict[str, Counted]) -> Table:
    head = ["", "Output channels", "Weights", "MACs", "Activations, bytes"]
    both = {text("Naive"): total(naive), text("Reduced"): total(reduced)}
    rows: list[list[Words]] = [
        [name, *map(exact, (each.outputs, each.weights, each.macs, each.activation_bytes))]
        for name, each in both.items()
    ]
    return Table([text(name) for name in head], rows)


SECTION: Section[Setting] = Section(show)
