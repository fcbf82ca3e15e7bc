"""One entry of the menu of networks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import nn


@dataclass(frozen=True)
class Network:
    """A network that a visitor can choose.

    Args:
        name: of the entry in an address.
        title: of the entry in a menu.
        build: makes it with its weights.
        input_shape: `(C, H, W)` that it is made for.
    """

    name: str
    title: str
    build: Callable[[], nn.Module]
    input_shape: tuple[int, int, int] = (3, 224, 224)

    def on_meta(self) -> nn.Module:
        """The network without numbers: no weight is allocated, and `viz.trace` can read it."""
        with torch.device("meta"):
            return self.build()
