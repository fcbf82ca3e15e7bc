"""Training: seeded, in any mode of the caller, and the optimiser that it says."""

from __future__ import annotations

import itertools

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from viz.training.classifier import Schedule, draw_weights, learn, wrong
from viz.training.digits import some_for_training

SHORT = Schedule(steps=8, batch=20, rate=0.01)


@torch.inference_mode(False)
def linear(seed: int = 0) -> nn.Sequential:
    network = nn.Sequential(nn.Flatten(), nn.Linear(64, 10))
    draw_weights(network, seed)
    return network


def weight_of(network: nn.Module) -> Tensor:
    return next(network.parameters()).detach().clone()


def losses(seed: int = 0) -> list[float]:
    return list(learn(linear(), some_for_training(50, seed=0), seed, SHORT))


def test_a_seed_gives_the_same_losses_and_another_gives_others():
    assert losses(seed=3) == losses(seed=3)
    assert losses(seed=3) != losses(seed=4)


def test_the_weights_are_drawn_from_the_seed_alone():
    torch.manual_seed(1)
    first = weight_of(linear(seed=5))
    torch.manual_seed(2)
    assert torch.equal(first, weight_of(linear(seed=5)))
    assert not torch.equal(first, weight_of(linear(seed=6)))
    assert float(first.std()) == pytest.approx((2 / 64) ** 0.5, rel=0.1)


def test_it_learns_inside_the_queues_inference_mode():
    with torch.inference_mode():
        assert losses() == losses()
    assert losses()[-1] < losses()[0]


def test_nothing_is_computed_before_the_first_step_nor_after_it_is_closed():
    network = linear()
    before = weight_of(network)
    steps = learn(network, some_for_training(50, seed=0), 0, SHORT)
    assert torch.equal(weight_of(network), before)
    next(steps)
    after_one = weight_of(network)
    steps.close()
    assert not torch.equal(after_one, before)
    assert torch.equal(weight_of(network), after_one)


def test_adam_by_hand():
    """Kingma, Ba 2015, algorithm 1, in double precision, with a rate that falls to 0."""
    digits, network = some_for_training(10, seed=0), linear()
    weight, bias = (each.detach().double().clone() for each in network.parameters())
    list(learn(network, digits, 0, SHORT))
    first, second = torch.zeros_like(weight), torch.zeros_like(weight)
    bias_first, bias_second = torch.zeros(2, 10).double()
    for step in range(SHORT.steps):
        slopes = gradients(weight, bias, digits.images.flatten(1).double(), digits.labels)
        rate = SHORT.rate * (1 - step / SHORT.steps)
        weight, first, second = adam(weight, first, second, slopes[0], step + 1, rate)
        bias, bias_first, bias_second = adam(
            bias, bias_first, bias_second, slopes[1], step + 1, rate
        )
    for found, expected in zip(network.parameters(), (weight, bias), strict=True):
        assert torch.allclose(found.double(), expected, atol=1e-5)


def gradients(weight: Tensor, bias: Tensor, x: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
    """Softmax minus one-hot, averaged over the batch."""
    missed = ((x @ weight.T + bias).softmax(1) - F.one_hot(labels, 10)) / len(x)
    return missed.T @ x, missed.sum(0)


def adam(
    of: Tensor, first: Tensor, second: Tensor, gradient: Tensor, t: int, rate: float
) -> tuple[Tensor, Tensor, Tensor]:
    first = 0.9 * first + 0.1 * gradient
    second = 0.999 * second + 0.001 * gradient.square()
    step = rate * (first / (1 - 0.9**t)) / ((second / (1 - 0.999**t)).sqrt() + 1e-8)
    return of - step, first, second


@pytest.mark.parametrize(("examples", "batch"), [(50, 20), (10, 10)])
def test_every_example_is_seen_once_before_one_is_seen_again(examples, batch):
    seen: list[Tensor] = []
    network = linear()
    network.register_forward_pre_hook(lambda _, args: seen.append(args[0].flatten(1)))
    digits = some_for_training(examples, seed=0)
    schedule = Schedule(steps=10, batch=20)
    list(itertools.islice(learn(network, digits, 0, schedule), 2 * examples // batch))
    assert {len(each) for each in seen} == {batch}
    passes = torch.cat(seen).unflatten(0, (2, examples))
    for one in passes:
        assert sorted(map(bytes, one.numpy())) == sorted(
            map(bytes, digits.images.flatten(1).numpy())
        )
    assert not torch.equal(*passes)


def test_wrong_counts_digits():
    digits, network = some_for_training(50, seed=0), linear()
    assert wrong(network, digits) == sum(
        int(network(image[None])[0].argmax()) != int(label)
        for image, label in zip(*digits, strict=True)
    )
