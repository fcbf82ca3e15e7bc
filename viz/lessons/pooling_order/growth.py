"""The channels and costs of GoogLeNet's modules with and without the 1×1 after their pools."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import torch

from viz.networks.googlenet import MODULES, Inception, inception
from viz.trace import cost


class Counted(NamedTuple):
    """One module of a network: the channels that reach and leave it, and its multiply-adds."""

    module: Inception
    inputs: int
    outputs: int
    macs: int


@cache  # it depends on no picture
def counted(*, projected: bool) -> tuple[Counted, ...]:
    """Every module with the channels that really reach it, exactly counted.

    Args:
        projected: whether a 1×1 follows each pool; else a pool passes on all channels that reach
            it, and the next module has as many more to read.

    >>> [(each.inputs, each.outputs) for each in counted(projected=False)[:2]]
    [(192, 416), (416, 832)]
    """
    found: list[Counted] = []
    reaching = MODULES[0].inputs
    for module in MODULES:
        shape = (reaching, module.side_px, module.side_px)
        with torch.device("meta"):
            macs = cost(inception(module, reaching, projected=projected), shape).macs
        outputs = module.convolved + (module.projection if projected else reaching)
        found.append(Counted(module, reaching, outputs, macs))
        reaching = outputs
    return tuple(found)
