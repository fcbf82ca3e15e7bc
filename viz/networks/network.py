"""One entry of the menu of networks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import nn

from viz.layers.part import Lines
from viz.layers.recipes import Recipe
from viz.text import Text


class NotLoaded(ValueError):
    """Raised if a network cannot be had; `sentence` says why."""

    def __init__(self, sentence: Text) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


class Program(NamedTuple):
    """How a program gets the maps and the weights of a network; each takes the name of a layer.

    Attributes:
        into: the lines that compute the maps that reach it.
        rows: the recipe of the weights of a convolution or linear layer, its bias last if it has one.
        scales: the recipe of scale and shift of each channel of a normalisation; None without one.
    """

    into: Callable[[str], Lines]
    rows: Callable[[str], Recipe]
    scales: Callable[[str], Recipe | None]


@dataclass(frozen=True)
class Network:
    """A network that a visitor can choose.

    Args:
        name: of the entry in an address.
        title: of the entry in a menu.
        build: makes it, of a published one without its trained weights.
        input_shape: `(C, H, W)` that it is made for.
        trained: makes it with trained weights, or raises `NotLoaded`; None if there are none.
        program: how a program gets its trained weights; None if there are none.
        classes: the names of its outputs; none if they are not known.
    """

    name: str
    title: str
    build: Callable[[], nn.Module]
    input_shape: tuple[int, int, int] = (3, 224, 224)
    trained: Callable[[], nn.Module] | None = None
    program: Program | None = None
    classes: Callable[[], tuple[str, ...]] = tuple

    def on_meta(self) -> nn.Module:
        """The network without numbers: no weight is allocated, and `viz.trace` can read it."""
        with torch.device("meta"):
            return self.build()
