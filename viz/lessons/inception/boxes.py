"""The module as a diagram: what each box gives and costs, and what a click on it opens."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from torch import nn

from viz.lessons.diagram import Box, Diagram
from viz.lessons.inception.module import BRANCH_OF, BRANCHES, on, without_numbers
from viz.lessons.inception.setting import Setting
from viz.lessons.lesson import Built, Scene
from viz.numbers import exact, magnitude
from viz.text import Message, Text, text
from viz.trace import Cost, LayerRow, cost, layer_rows

LEADING: Mapping[str, Message] = {"bank": "Oriented maps", "stem": "1×1 stem"}
JOINED: Message = "Joined"
TITLES: Mapping[str, Message] = {
    "one": "1×1",
    "reduce_three": "1×1",
    "three": "3×3",
    "reduce_five": "1×1",
    "five": "5×5",
    "pool": "3×3 max",
    "projection": "1×1",
}


class Traced(NamedTuple):
    """What the trace says of one box: its last layer's output, and the counts of all its layers.

    Attributes:
        shape: `(C, H, W)`.
        field_px: side of the field of one of its units, in pixels of the picture.
        weights, macs: exact.
    """

    shape: tuple[int, ...]
    field_px: int
    weights: int
    macs: int

    @classmethod
    def of(cls, rows: Sequence[LayerRow]) -> Traced:
        """The facts of a box with these layers."""
        last = rows[-1]
        total = Cost.of(rows)
        return cls(last.output_shape, last.receptive_field.size[0], total.parameters, total.macs)

    @property
    def facts(self) -> list[Text | str]:
        """The lines of its box."""
        field = text("field {px}\u00a0px", px=self.field_px)
        costs = (
            text("{macs} MAC", macs=magnitude(self.macs, digits=3)) if self.macs else text("no MAC")
        )
        return [_times(self.shape), costs, field]

    @property
    def exact(self) -> Text:
        """The text under the pointer."""
        return text(
            "{macs} MACs, {weights} weights, field {px} × {px} px of the picture",
            macs=exact(self.macs),
            weights=exact(self.weights),
            px=self.field_px,
        )


def diagram(built: Built[Setting], input_shape: tuple[int, ...]) -> Diagram:
    """The boxes of the module and those that lead to it, with the path to the open one marked.

    Args:
        built: the layers of a Setting.
        input_shape: of the picture.
    """
    setting, found = built.setting, traced(built.network, built.setting, input_shape)
    last = len(LEADING) + _depth(setting)
    boxes = [
        *_leading(found, input_shape),
        *_branches(found, setting, last),
        _joined(found, setting, last + 1, compared=True),
    ]
    arrows = [*pairwise(("picture", *LEADING)), *_arrows(setting)]
    alt = text("Four branches read the same maps; their outputs are joined")
    return Diagram("module", boxes, arrows, alt)


def alone(scene: Scene[Setting], setting: Setting, key: str) -> Diagram:
    """The module of another Setting alone, for the maps that reach the module on screen.

    Args:
        scene: the picture and the layers that lead to the module.
        setting: the module; a click on a box opens it on the canvas.
        key: of the diagram.
    """
    found = traced(scene.built.network, setting, tuple(scene.pixels.shape))
    last = _depth(setting)
    stem = _tall("stem", "Input", [_times(found["stem"].shape)], "", 0)
    boxes = [stem, *_branches(found, setting, last), _joined(found, setting, last + 1)]
    switched = {"reduced": setting.reduced, "projected": setting.projected}
    opening = [replace(box, fields={**box.fields, **switched}, state="") for box in boxes]
    alt = text("A module of {macs} MACs", macs=exact(macs_of(found)))
    return Diagram(key, opening, list(_arrows(setting)), alt)


def traced(network: nn.Module, setting: Setting, input_shape: tuple[int, ...]) -> dict[str, Traced]:
    """The facts of every box that has layers, by its name.

    Args:
        network: holds the stages that lead to a module.
        setting: the module, which need not be that of the network.
        input_shape: of the picture.
    """
    leading = {name: network.get_submodule(name) for name in LEADING}
    whole = without_numbers(setting)
    rows: dict[str, list[LayerRow]] = {}
    for row in layer_rows(nn.Sequential(OrderedDict(leading, joined=whole)), input_shape):
        stage, *inner = row.name.split(".")  # joined.three.reduce_three.conv
        rows.setdefault(inner[1] if len(inner) > 1 else stage, []).append(row)
    return {name: Traced.of(each) for name, each in rows.items()}


def macs_of(found: dict[str, Traced]) -> int:
    """The multiply-adds of all boxes of the module."""
    return sum(found[name].macs for name in BRANCH_OF if name in found)


def _depth(setting: Setting) -> int:
    """The boxes of the longest branch."""
    return max(len(on(branch, setting)) for branch in BRANCHES)


def _leading(found: dict[str, Traced], input_shape: tuple[int, ...]) -> Iterator[Box]:
    yield _tall("picture", "Picture", [_times(input_shape)], "", 0)
    for column, (name, title) in enumerate(LEADING.items(), 1):
        shape, _, field = found[name].facts  # costs are those of the module
        yield _tall(name, title, [shape, field], found[name].exact, column)


def _tall(name: str, title: str, facts: Sequence[Text | str], said: Text | str, column: int) -> Box:
    fields = {"stage": name, **({"box": name} if name == "joined" else {})}
    return Box(name, Text(title), facts, said, column=column, rows=len(BRANCHES), fields=fields)


def _branches(found: dict[str, Traced], setting: Setting, last: int) -> Iterator[Box]:
    for row, branch in enumerate(BRANCHES):
        names = on(branch, setting)
        for column, name in enumerate(names, last + 1 - len(names)):
            yield Box(
                *(name, Text(TITLES[name]), found[name].facts, found[name].exact, row, column),
                branch=branch,
                fields={"box": name, "stage": name},
                state="path" if name in setting.path else "",
            )


def _joined(
    found: dict[str, Traced], setting: Setting, column: int, *, compared: bool = False
) -> Box:
    macs = macs_of(found)
    facts: list[Text | str] = [
        _times(found["joined"].shape),
        text("{macs} MAC", macs=magnitude(macs, digits=3)),
    ]
    if compared:
        facts.append(_comparison(setting, found["stem"].shape))
    return _tall("joined", JOINED, facts, text("{macs} MACs", macs=exact(macs)), column)


def _comparison(setting: Setting, shape: tuple[int, ...]) -> Text:
    """The naive module's multiply-adds, or for it those of the module with all its 1×1 layers."""
    is_naive = not (setting.reduced or setting.projected)
    other = replace(setting, reduced=is_naive, projected=is_naive)
    macs = magnitude(cost(without_numbers(other), shape).macs, digits=3)
    return text("reduced: {macs}", macs=macs) if is_naive else text("naive: {macs}", macs=macs)


def _arrows(setting: Setting) -> Iterator[tuple[str, str]]:
    for branch in BRANCHES:
        yield from pairwise(("stem", *on(branch, setting), "joined"))


def _times(shape: Sequence[int]) -> str:
    return " × ".join(map(str, shape))
