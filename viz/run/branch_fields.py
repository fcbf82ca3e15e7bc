"""The receptive field of each map, where maps of several branches lie side by side."""

from __future__ import annotations

from typing import Any

from torch import nn

from viz.layers.branches import Branches
from viz.lessons.chain import before
from viz.marks import Marks
from viz.trace import receptive_field


def fields_of_branches(
    network: nn.Sequential, stage: str, marks: Marks, input_shape: tuple[int, ...]
) -> dict[str, Any]:
    """The receptive field of each map of a stage whose maps come from several branches.

    The field of the whole stage is the union, which no unit of a smaller branch sees.
    """
    branches = _branches(network, stage)
    if branches is None or not marks or any(mark.kind != "branch" for mark in marks):
        return {}
    leading = before(stage, network)
    fields = {
        name: receptive_field(nn.Sequential(*leading, branch), input_shape)
        for name, branch in branches.items()
    }
    found = {
        name: {"size": of.size, "stride": of.stride, "padding": of.padding}
        for name, of in fields.items()
    }
    return {"map_fields": [found[str(mark.value)] for mark in marks]}


def _branches(network: nn.Sequential, stage: str) -> Branches | None:
    if stage == "picture":
        return None
    layers = network.get_submodule(stage).modules()
    return next((layer for layer in layers if isinstance(layer, Branches)), None)
