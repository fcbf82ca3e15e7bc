"""The network as a diagram: its blocks folded, and the layers of the open one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from torch import nn

from viz.layers.sliding import sliding
from viz.lessons.diagram import Box, Diagram
from viz.lessons.lesson import Built
from viz.lessons.trained.networks import Trained, usable
from viz.lessons.trained.pieces import Group, Piece
from viz.lessons.trained.setting import Setting
from viz.lessons.trained.stages import open_piece
from viz.numbers import exact
from viz.text import Text, text

BRANCHES = {3: "three", 5: "five"}  # the hue of a kernel's side, as in Inception


def diagram(built: Built[Setting], input_shape: tuple[int, ...]) -> Diagram:
    """All blocks in a row, and under them the layers of the open block.

    Args:
        built: the layers of a Setting.
        input_shape: of the picture.
    """
    trained = usable(built.setting.network)
    if trained is None:
        return Diagram("network", [], [], text("No network"))
    current = open_piece(trained, built.setting)
    boxes = [_folded(group, trained, current) for group in trained.groups]
    group = next(each for each in trained.groups if current in each.pieces)
    inside = [*_inside(group, trained, current, built.setting)]
    arrows = [(one.key, other.key) for one, other in pairwise(inside)]
    alt = text(
        "{name}: {n} layers in {m} blocks", name=trained.title, n=len(trained.pieces), m=len(boxes)
    )
    return Diagram("network", [*boxes, *inside], arrows, alt, wraps=True)


def _folded(group: Group, trained: Trained, current: Piece) -> Box:
    opened = next((piece for piece in group.pieces if piece in trained.pieces), None)
    fields = {"layer": 1 + trained.pieces.index(opened)} if opened else {}
    pointwise = sum(piece.is_pointwise for piece in group.pieces)
    said = text(
        "{n} of {m} layers are 1×1", n=pointwise, m=sum(not p.is_join for p in group.pieces)
    )
    box = Box(group.title, group.title, (), said, fields=fields)
    return replace(box, state="path") if current in group.pieces else box


def _inside(group: Group, trained: Trained, current: Piece, setting: Setting) -> Iterator[Box]:
    """The layers of a block; the open one says which of its maps are drawn."""
    last = setting.first + setting.shown - 1
    shown = text("shown: {first}–{last}", first=setting.first, last=last)
    for column, piece in enumerate(group.pieces):
        if piece.is_join:
            yield Box(f"join{column}", text("+ input"), (), piece.name, 1, column)
            continue
        opens = piece in trained.pieces
        said = [*facts(piece), *([shown] if piece is current else [])]
        yield Box(
            *(piece.name, title(piece), said, _exact(piece), 1, column),
            branch=_branch(piece),
            fields={"layer": 1 + trained.pieces.index(piece)} if opens else {},
            state="current" if piece is current else "",
        )


def title(piece: Piece) -> Text:
    """What a layer does, in a word or two."""
    layer = piece.main.layer
    size = "×".join(map(str, sliding(layer).kernel))
    if isinstance(layer, nn.Conv2d):
        return text("depthwise {size}", size=size) if piece.is_depthwise else Text(size)
    if isinstance(layer, nn.Linear):
        return text("linear: a 1×1") if piece.is_pointwise else text("linear")
    if isinstance(layer, nn.MaxPool2d):
        return text("max {size}", size=size)
    if isinstance(layer, nn.AvgPool2d):
        return text("mean {size}", size=size)
    if isinstance(layer, nn.AdaptiveAvgPool2d):
        return text("mean of the map")
    if isinstance(layer, nn.BatchNorm2d):
        return text("normalise")
    return Text(piece.main.kind)


def facts(piece: Piece) -> Sequence[Text | str]:
    """Its channels, and its stride if it has one."""
    said: list[Text | str] = [f"{piece.inputs} → {piece.channels}"]
    stride = sliding(piece.main.layer).stride[0]
    return [*said, text("stride {s}", s=stride)] if stride > 1 else said


def _exact(piece: Piece) -> Text:
    weights = sum(of.numel() for step in piece.steps for of in step.layer.parameters())
    field = piece.steps[-1].maps.field.size[0]
    return text("{name}: {n} weights, field {px} px", name=piece.name, n=exact(weights), px=field)


def _branch(piece: Piece) -> str:
    if piece.is_pointwise:
        return "one"
    if isinstance(piece.main.layer, nn.Conv2d):
        return BRANCHES.get(piece.main.layer.kernel_size[0], "")
    return ""
