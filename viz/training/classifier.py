"""A small classifier that learns from seeded weights, step by step."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from viz.training.adam import Adam
from viz.training.digits import Digits

Losses = Generator[float, None, None]  # of a batch, after each step


class Schedule(NamedTuple):
    """How a classifier is trained: Adam, whose rate falls in a straight line to 0.

    Attributes:
        steps: the number of steps, the same for few and for many examples.
        batch: examples a step; all of them if there are fewer.
        rate: the learning rate of the first step.
    """

    steps: int = 600
    batch: int = 50
    rate: float = 0.01


@torch.no_grad()
def draw_weights(network: nn.Module, seed: int) -> None:
    """Fresh weights and biases for every convolution and linear layer, from a seed alone.

    A weight is normal with variance 2 / n, where n is how many numbers the layer adds; a bias is
    uniform within ±1 / √n, as in torch. With biases of 0, the first ReLUs of one grey channel would
    all bend at 0, where no pixel is negative.

    Source: He et al. 2015, "Delving deep into rectifiers", ICCV, for the weights.

    >>> layer = nn.Linear(4, 1)
    >>> draw_weights(layer, seed=0)
    >>> abs(layer.bias.item()) < 0.5
    True
    """
    generator = torch.Generator().manual_seed(seed)
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu", generator=generator)
            if layer.bias is not None:
                within = layer.weight[0].numel() ** -0.5
                nn.init.uniform_(layer.bias, -within, within, generator=generator)


@torch.inference_mode(False)
@torch.enable_grad()
def learn(network: nn.Module, digits: Digits, seed: int, schedule: Schedule) -> Losses:
    """Trains a network on the CPU with the cross-entropy of its outputs.

    The numbers depend on the seed and the weights alone, up to the rounding of the processor.

    Args:
        network: `(N, 1, 8, 8)` to `(N, 10)`; made outside inference mode. It is changed in place.
        digits: what it learns from.
        seed: the order of the examples.
        schedule: how many steps, and how large they are.

    Yields:
        The loss of the batch, after each step.

    >>> from viz.training.digits import some_for_training
    >>> few, network = some_for_training(10, seed=0), nn.Sequential(nn.Flatten(), nn.Linear(64, 10))
    >>> draw_weights(network, seed=0)
    >>> losses = list(learn(network, few, seed=0, schedule=Schedule(steps=20)))
    >>> losses[-1] < losses[0], wrong(network, few)
    (True, 0)
    """
    adam = Adam(network.parameters(), schedule.rate)
    for step, places in enumerate(_batches(len(digits.labels), seed, schedule)):
        adam.rate = schedule.rate * (1 - step / schedule.steps)
        batch = digits.at(places)
        loss = F.cross_entropy(network(batch.images), batch.labels)
        adam.zero_grad()
        loss.backward()
        adam.step()
        yield loss.item()


def _batches(examples: int, seed: int, schedule: Schedule) -> Iterator[Tensor]:
    """The indices of each step: all examples in a random order, then in another."""
    generator, size = torch.Generator().manual_seed(seed), min(schedule.batch, examples)
    waiting = torch.empty(0, dtype=torch.int64)
    for _ in range(schedule.steps):
        if len(waiting) < size:
            waiting = torch.cat([waiting, torch.randperm(examples, generator=generator)])
        places, waiting = waiting[:size], waiting[size:]
        yield places


@torch.no_grad()
def wrong(network: nn.Module, digits: Digits) -> int:
    """How many digits the network takes for another.

    >>> says_zero = nn.Sequential(nn.Flatten(), nn.Linear(64, 10))
    >>> _ = nn.init.zeros_(says_zero[1].weight), nn.init.zeros_(says_zero[1].bias)
    >>> wrong(says_zero, Digits(torch.zeros(3, 1, 8, 8), torch.tensor([0, 0, 1])))
    1
    """
    return int((network(digits.images).argmax(1) != digits.labels).sum())
