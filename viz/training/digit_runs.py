"""Small networks trained on digits: which ones are compared, and one of them from seed to result."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Literal, NamedTuple

import torch
from torch import nn

from viz.bounded_cache import BoundedCache
from viz.networks.digit_networks import digit_network
from viz.training.classifier import Schedule, draw_weights, learn, wrong
from viz.training.digit_costs import counts, width_with
from viz.training.digits import some_for_training, split

SCHEDULE = Schedule(steps=1500, batch=50, rate=0.01)
WIDTH = 14  # at which all widths that give as many parameters are within 3 % of them
EXAMPLES = (50, 100, 200, 500, 1000)
SEEDS = range(10)
COMPARED = ("plain", "nin", "separable", "pointwise", "pointwise_connected")

Equal = Literal["parameters", "width"]  # what the networks of a comparison have in common
Head = Literal["connected", "averaged"]


class Network(NamedTuple):
    """A design of `viz.networks.digit_networks`, and its width."""

    design: str
    width: int


class Case(NamedTuple):
    """A network to train.

    Attributes:
        network: which.
        examples: how many digits it learns from.
        seed: of its weights, of the choice of the digits, and of their order.
    """

    network: Network
    examples: int
    seed: int


class Outcome(NamedTuple):
    """How many digits a trained network takes for another: of those it learned from, and others."""

    wrong_in_training: int
    wrong_in_test: int


Fractions = Generator[float, None, Outcome]  # how much is done, then the outcome


def beside(design: str, than: Network, equal: Equal) -> Network:
    """A network of another design, as wide as one, or with as many parameters.

    >>> beside("nin", Network("plain", 14), "parameters")
    Network(design='nin', width=13)
    """
    if equal == "width":
        return Network(design, than.width)
    return Network(design, width_with(design, counts(*than).parameters))


def compared(equal: Equal) -> tuple[Network, ...]:
    """The plain network and the others, at equal width or equal parameters."""
    first = Network(COMPARED[0], WIDTH)
    return tuple(beside(design, first, equal) for design in COMPARED)


def kernels(head: Head, equal: Equal) -> tuple[Network, Network]:
    """The network with 3×3 kernels, and the one with 1×1 kernels."""
    ending = "" if head == "averaged" else "_connected"
    wide = Network(f"plain{ending}", WIDTH)
    return wide, beside(f"pointwise{ending}", wide, equal)


def every_case(seeds: range = SEEDS) -> list[Case]:
    """All that the lesson's charts show, each once."""
    equals: tuple[Equal, ...] = ("parameters", "width")
    heads: tuple[Head, ...] = ("connected", "averaged")
    cases = [
        Case(each, EXAMPLES[-1], seed) for seed in seeds for e in equals for each in compared(e)
    ]
    cases += [
        Case(each, examples, seed)
        for seed in seeds
        for examples in EXAMPLES
        for head in heads
        for equal in equals
        for each in kernels(head, equal)
    ]
    return list(dict.fromkeys(cases))


_OUTCOMES: BoundedCache[tuple[Case, Schedule], Outcome] = BoundedCache(5000, size_of=lambda _: 1)


def outcome(case: Case, schedule: Schedule | None = None) -> Fractions:
    """Trains the network of a case, unless that was done before, and tests it.

    Args:
        case: which network, with which digits.
        schedule: `SCHEDULE` unless given.

    Yields:
        After each step how much of the training is done, and once more between the two tests.

    >>> steps = outcome(Case(Network("pointwise_connected", 2), 10, 0), Schedule(steps=2))
    >>> next(steps), next(steps)
    (0.5, 1.0)
    """
    key = (case, schedule or SCHEDULE)
    found = _OUTCOMES.get(key)
    if found is None:
        network = digit_network(*case.network)
        yield from training(network, *key)
        digits = some_for_training(case.examples, case.seed)
        wrong_in_training = wrong(network, digits)
        yield 1.0
        found = Outcome(wrong_in_training, wrong(network, split().test))
        _OUTCOMES.put(key, found)
    return found


def training(network: nn.Module, case: Case, schedule: Schedule) -> Iterator[float]:
    """Trains a network of a case; yields how much is done, after each step."""
    draw_weights(network, case.seed)
    digits = some_for_training(case.examples, case.seed)
    for step, _ in enumerate(learn(network, digits, case.seed, schedule), start=1):
        yield step / schedule.steps


def finished(case: Case, schedule: Schedule | None = None) -> Outcome:
    """The outcome of a case, without a pause, with one thread."""
    torch.set_num_threads(1)
    steps = outcome(case, schedule)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value
