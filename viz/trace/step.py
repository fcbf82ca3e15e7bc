"""One layer of a network as it was passed: what it reads, and the maps after it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from torch import nn

from viz.trace.maps import Maps


@dataclass(frozen=True, eq=False)
class Step:
    """A layer that was passed once; two passes of one layer are two steps.

    Args:
        name: qualified name of the module; of a call, its name after that of the module it is in;
            empty for the input.
        kind: the name of the module's class, or of the function that was called.
        layer: the module; of a call, one that does the same.
        sources: the steps whose maps it reads.
        maps: the maps after it.
    """

    name: str
    kind: str
    layer: nn.Module
    sources: tuple[Step, ...]
    maps: Maps


class Reading(NamedTuple):
    """A network that was read.

    Attributes:
        input: the step without a layer.
        layers: all other steps, each after those that it reads.
        output: the step whose maps leave the network.
    """

    input: Step
    layers: list[Step]
    output: Step
