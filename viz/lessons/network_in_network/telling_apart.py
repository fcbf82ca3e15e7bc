"""A linear 1×1, a maxout and an mlpconv while they learn the classes that were painted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import torch
from torch import nn

from viz.lessons.network_in_network.painted import Painted
from viz.lessons.network_in_network.setting import PIECES
from viz.training.pixel_classes import accuracy, learn, loss, networks

EVERY = 10  # steps from one measurement to the next: about 40 ms


@dataclass(frozen=True, eq=False)
class Course:
    """The numbers of one network, as it learns.

    Attributes:
        network: maps of standardised pixels -> a score for each class.
        losses: the loss on the learned pixels, at each measurement.
        learned, held_out: the accuracy on these pixels.
    """

    network: nn.Module
    losses: list[float] = field(default_factory=list)
    learned: list[float] = field(default_factory=list)
    held_out: list[float] = field(default_factory=list)

    @torch.no_grad()
    def measure(self, pixels: Painted) -> None:
        """Adds the present numbers."""
        self.losses.append(float(loss(self.network, pixels.learned)))
        self.learned.append(accuracy(self.network, pixels.learned))
        self.held_out.append(accuracy(self.network, pixels.held_out))


@dataclass(frozen=True, eq=False)
class Learning:
    """The three networks after some steps.

    Attributes:
        courses: by the networks' names, see `networks`.
        steps: the steps of each measurement, from 0 on.
        all_steps: how many there will be.
    """

    courses: Mapping[str, Course]
    steps: list[int]
    all_steps: int

    @property
    def share(self) -> float:
        """How much is done, from 0 to 1."""
        return self.steps[-1] / self.all_steps


def learning(pixels: Painted, parameters: int, steps: int, seed: int) -> Iterator[Learning]:
    """The networks while they learn, after every measurement; always the same object.

    Args:
        pixels: both classes must have some.
        parameters: of the maxout, and of the mlpconv; one of `PIECES`.
        steps: the number of steps.
        seed: of the first weights.

    >>> from viz.lessons.network_in_network.painted import painted
    >>> pixels = painted(torch.rand(3, 9, 9), ((0, 0, 0, 500, 500), (1, 500, 500, 1000, 1000)))
    >>> *_, last = learning(pixels, parameters=32, steps=25, seed=0)
    >>> last.steps
    [0, 10, 20, 25]
    """
    made = networks(len(pixels.mean), PIECES[parameters], seed)
    now = Learning({name: Course(network) for name, network in made.items()}, [], steps)
    for step in learn(made, pixels.learned, steps):
        if step % EVERY == 0 or step == steps:
            now.steps.append(step)
            for course in now.courses.values():
                course.measure(pixels)
            yield now
