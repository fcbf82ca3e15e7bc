"""One entry of the menu of networks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import nn

from viz.text import Text


class NotLoaded(ValueError):
    """Raised if a network cannot be had; `sentence` says why."""

    def __init__(self, sentence: Text) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


@dataclass(frozen=True)
class Network:
    """A network that a visitor can choose.

    Args:
        name: of the entry in an address.
        title: of the entry in a menu.
        build: makes it, of a published one without its trained weights.
        input_shape: `(C, H, W)` that it is made for.
        trained: makes it with trained weights, or raises `NotLoaded`; None if there are none.
    """

    name: str
    title: str
    build: Callable[[], nn.Module]
    input_shape: tuple[int, int, int] = (3, 224, 224)
    trained: Callable[[], nn.Module] | None = None

    def on_meta(self) -> nn.Module:
        """The network without numbers: no weight is allocated, and `viz.trace` can read it."""
        with torch.device("meta"):
            return self.build()
