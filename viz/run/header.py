"""The header beside the maps of a canvas: what they are called, and what belongs to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import nn

from viz.kernels import bank_kernels
from viz.lessons.lesson import Built, Lesson
from viz.lessons.stage import COLOURS
from viz.run.filters import Filters, has_branches, holds_bank
from viz.settings import Allowed, Setting, as_text


def header_of(made: Built[Any], asked: Setting, stage: str, found: Filters) -> dict[str, Any]:
    """The header beside the maps: the facts of every stage, and of the one in view."""
    outline, network = made.outline, made.network
    channels = {"picture": COLOURS}
    channels |= {each.name: each.channels for each in outline.stages}
    before = stage_before(network, stage)
    controls = {each.name: each.controls for each in outline.stages}
    return {
        "titles": {each.name: each.title for each in outline.stages},
        "controls": {name: list(shown) for name, shown in controls.items()},
        "limits": {name: of for shown in controls.values() for name, of in _limits(shown).items()},
        "values": changed(asked, made.setting),
        "names": channels[stage].names,
        "marks": channels[stage].marks,
        "input_names": channels[before].names,
        "input_marks": channels[before].marks,
        **_kernel_names(network, found, channels),
        **_row_names(made, stage),
        "row_length": channels[stage].row_length,
        "cells": outline[stage].stage.cells if stage != "picture" else "",
        "filters_note": found.note,
        "as_picture": _is_picture(network, stage, channels[stage].size),
        "feeds": found.feeds,
        "input_feeds": found.input_feeds,
        **_overlay(made, stage, before),
    }


def _limits(shown: Mapping[str, Allowed]) -> dict[str, list[Any]]:
    """The limits of each restricted control: its options, or its largest value."""
    return {
        name: list(allowed.options) or [allowed.most]
        for name, allowed in shown.items()
        if allowed != Allowed()
    }


def _kernel_names(network: nn.Sequential, found: Filters, channels: Any) -> dict[str, Any]:
    """The names and marks of kernels that do not each belong to one map of the stage."""
    if found.window_px:
        return {"kernel_names": [f"{found.window_px}×{found.window_px}"], "kernel_marks": ()}
    if not found.of_bank:
        return {}
    bank = next(name for name, stage in network.named_children() if holds_bank(stage))
    return {"kernel_names": channels[bank].names, "kernel_marks": channels[bank].marks}


def _row_names(made: Built[Any], stage: str) -> dict[str, Any]:
    """The names and marks of the rows of a matrix that is smaller than the number of maps."""
    if stage == "picture":
        return {}
    outline = made.outline[stage]
    rows = outline.stage.rows(made.setting, outline.arriving)
    return {} if rows == outline.channels else {"row_names": rows.names, "row_marks": rows.marks}


def stage_before(network: nn.Sequential, stage: str) -> str:
    """The stage before this one; empty for the picture."""
    stages = ["picture", *dict(network.named_children())]
    return stages[max(0, stages.index(stage) - 1)]


def _overlay(made: Built[Any], stage: str, before: str) -> dict[str, Any]:
    """The overlay of a pool's maps: the maps that it reads, and the names of its winners."""
    if stage == "picture":
        return {}
    outline = made.outline[stage]
    classes = {"classes": list(outline.classes)} if outline.classes else {}
    if outline.groups is None:
        return classes
    order = list(outline.groups.order) or list(range(outline.arriving.size))
    arriving = outline.arriving.picked(order)
    read = {"block": "before", "stage": before, "names": arriving.names, "marks": arriving.marks}
    groups = {**read, **outline.groups._asdict(), "order": order}
    return {"groups": groups, **classes}


def _is_picture(network: nn.Sequential, stage: str, channels: int) -> bool:
    """Whether a stage's maps can be shown as red, green and blue: three, and mixed from colours."""
    if stage == "picture" or channels != 3 or has_branches(network.get_submodule(stage)):
        return False
    return bank_kernels(network) is None


def diagram_of(
    lesson: Lesson[Any], made: Built[Any], input_shape: tuple[int, ...]
) -> dict[str, Any]:
    """The lesson's diagram, with what its boxes set as in an address."""
    if lesson.diagram is None:
        return {}
    found = lesson.diagram(made, input_shape)
    boxes = [
        {**vars(box), "fields": {name: as_text(of) for name, of in box.fields.items()}}
        for box in found.boxes
    ]
    said = {"boxes": boxes, "arrows": found.arrows, "alt": found.alt, "wraps": found.wraps}
    return {"diagram": said}


def changed(asked: Setting, clamped: Setting) -> dict[str, str]:
    """Fields of a Setting that could not be built as requested, with the values that were built."""
    return {
        name: as_text(getattr(clamped, name))
        for name in asked.controls()
        if getattr(clamped, name) != getattr(asked, name)
    }
