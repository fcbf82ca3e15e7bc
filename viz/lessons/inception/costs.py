"""What a module costs, branch by branch, in exact integers."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import torch

from viz.lessons.inception.module import BRANCHES
from viz.networks.googlenet import Inception, inception
from viz.trace import layer_rows


class Counted(NamedTuple):
    """The counts of one branch, or of the whole module.

    Attributes:
        outputs: channels that leave it.
        weights: without biases.
        biases: one for each output of each convolution.
        macs: multiply-adds.
        activation_bytes: what leaves its layers, in float32; a ReLU is computed in place.
    """

    outputs: int
    weights: int
    biases: int
    macs: int
    activation_bytes: int


@lru_cache(maxsize=256)  # it depends on no picture, and one step of a slider needs it several times
def counted(
    widths: Inception, *, reduced: bool = True, projected: bool = True
) -> dict[str, Counted]:
    """The counts of each branch of a module, by its name.

    >>> from viz.networks.googlenet import MODULES
    >>> counted(MODULES[0])["five"]
    Counted(outputs=32, weights=15872, biases=48, macs=12443648, activation_bytes=150528)
    """
    with torch.device("meta"):
        module = inception(widths, reduced=reduced, projected=projected)
    rows = layer_rows(module, (widths.inputs, widths.side_px, widths.side_px))
    kept = [row for row in rows if row.kind != "ReLU"]
    found = {}
    for branch in BRANCHES:
        own = [row for row in kept if row.name.split(".")[0] == branch]
        parameters = sum(row.parameters for row in own)
        biases = sum(row.output_shape[0] for row in own if row.parameters)
        found[branch] = Counted(
            outputs=own[-1].output_shape[0],
            weights=parameters - biases,
            biases=biases,
            macs=sum(row.macs for row in own),
            activation_bytes=sum(row.activation_bytes for row in own),
        )
    return found


def total(branches: dict[str, Counted]) -> Counted:
    """The counts of the whole module."""
    return Counted(*map(sum, zip(*branches.values(), strict=True)))
