"""What a network answers when channels of one layer are switched off."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from viz.lessons.trained.running import Halt, Runner, Slices

TOGETHER = (
    2**20
)  # numbers of one layer that are computed together: its rest takes several times that
MOST_TOGETHER = 64
ORDERS = 5  # random orders


def switched_off(maps: Tensor, channels: Tensor, by: str) -> Tensor:
    """Maps with some channels replaced by 0, or each by its own mean over the places.

    Args:
        maps: `(1, C, h, w)`.
        channels: `(M, C)`, bool: what is switched off in each of M copies.
        by: what replaces it, "zero" or "mean".

    Returns:
        `(M, C, h, w)`.

    >>> maps = torch.tensor([[[[1.0, 3.0]], [[4.0, 8.0]]]])
    >>> switched_off(maps, torch.tensor([[True, False], [False, True]]), "mean").tolist()
    [[[[2.0, 2.0]], [[4.0, 8.0]]], [[[1.0, 3.0]], [[6.0, 6.0]]]]
    """
    instead = maps.mean((2, 3), keepdim=True) if by == "mean" else maps.new_zeros(())
    return torch.where(channels[:, :, None, None], instead, maps)


def answers(
    runner: Runner, halt: Halt, channels: Tensor, by: str
) -> Generator[float | None, None, Tensor]:
    """The logits for each of M choices of channels that are switched off.

    Args:
        runner: the network.
        halt: its run up to the layer, for one picture.
        channels: `(M, C)`, bool.
        by: what replaces them.

    Yields:
        The share that is done after some of them; None between.

    Returns:
        `(M, K)`.
    """
    together = max(1, min(MOST_TOGETHER, TOGETHER // halt.maps.numel()))
    found: list[Tensor] = []
    for some in channels.split(together):
        logits = yield from runner.after(halt, switched_off(halt.maps, some, by))
        found.extend(logits.flatten(1))
        yield len(found) / len(channels)
    return torch.stack(found)


def probability(logits: Tensor, answer: int) -> Tensor:
    """The probability of one class, `(M,)`, for logits `(M, K)`."""
    return logits.softmax(1)[:, answer]


class Importance(NamedTuple):
    """How much each channel alone counts for the answer.

    Attributes:
        answer: the class that the network finds most probable.
        before: its probability.
        without: `(C,)`, its probability without each channel.
    """

    answer: int
    before: float
    without: Tensor

    @property
    def order(self) -> Tensor:
        """The channels, from the one whose loss costs most on."""
        return self.without.argsort(stable=True)


def importance(
    runner: Runner, halt: Halt, logits: Tensor, by: str
) -> Generator[float | None, None, Importance]:
    """Switches every channel of a layer off by itself.

    Args:
        runner: the network.
        halt: its run up to the layer, for one picture.
        logits: `(K,)`, with all channels.
        by: what replaces them.

    Yields:
        The share that is done; None between.
    """
    each = torch.eye(halt.maps.shape[1], dtype=torch.bool, device=halt.maps.device)
    found = yield from answers(runner, halt, each, by)
    answer = int(logits.argmax())
    before = float(probability(logits[None], answer))
    return Importance(answer, before, probability(found, answer))


def counts(channels: int) -> tuple[int, ...]:
    """How many channels are switched off at the points of the curve: 0, powers of 2, and all.

    >>> counts(20)
    (0, 1, 2, 4, 8, 16, 20)
    """
    powers = [2**n for n in range(channels.bit_length()) if 2**n < channels]
    return (0, *powers, channels)


class Falls(NamedTuple):
    """The probability of the answer when ever more channels are switched off.

    Attributes:
        counts: how many.
        ordered: `(points,)`, the most important first.
        random: `(orders, points)`, in random orders.
    """

    counts: tuple[int, ...]
    ordered: Tensor
    random: Tensor


def falls(
    runner: Runner, halt: Halt, found: Importance, by: str, seed: int
) -> Generator[float | None, None, Falls]:
    """Switches ever more channels off: in the order of their importance, and in random orders.

    Yields:
        The share that is done; None between.
    """
    channels = halt.maps.shape[1]
    generator = torch.Generator().manual_seed(seed)
    shuffled = [torch.randperm(channels, generator=generator) for _ in range(ORDERS)]
    orders = [found.order.cpu(), *shuffled]
    numbers = counts(channels)
    choices = torch.cat([first_of(order, numbers) for order in orders]).to(halt.maps.device)
    logits = yield from answers(runner, halt, choices, by)
    shares = probability(logits, found.answer).view(len(orders), -1)
    return Falls(numbers, shares[0], shares[1:])


def first_of(order: Tensor, numbers: Sequence[int]) -> Tensor:
    """The first 0, 1, 2, 4, … of an order of channels, `(numbers, C)`, bool.

    >>> first_of(torch.tensor([2, 0, 1]), (0, 1, 3)).int().tolist()
    [[0, 0, 0], [0, 0, 1], [1, 1, 1]]
    """
    places = order.argsort()  # of each channel in the order
    return places < torch.tensor(numbers)[:, None]


def halted(runner: Runner, name: str, x: Tensor) -> Slices[Halt]:
    """The run of one picture `(C, H, W)` up to a layer."""
    return runner.upto(runner.node(name), x[None])
