"""Three networks of 1×1 layers: their sizes by hand, their numbers as nn.Linear has them, their seeds."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from viz.trace import cost
from viz.training.pixel_classes import (
    Pixels,
    accuracy,
    decision,
    hidden_units,
    learn,
    loss,
    networks,
)


def pixels(count: int = 60, seed: int = 0) -> Pixels:
    generator = torch.Generator().manual_seed(seed)
    maps = torch.randn(3, 1, count, generator=generator)
    return Pixels(maps, (maps[0, 0].abs() < 0.7).long())


@pytest.mark.parametrize("pieces", [1, 4, 7, 10, 13])
def test_of_three_channels_maxout_and_mlpconv_have_equally_many_parameters(pieces: int):
    """By hand: 2 · pieces · (3 + 1), and h · (3 + 1) + 2 · h + 2."""
    hidden = hidden_units(pieces, channels=3)
    assert 2 * pieces * 4 == hidden * 4 + 2 * hidden + 2
    made = networks(3, pieces, seed=0)
    counted = {name: cost(network, (3, 5, 7)).parameters for name, network in made.items()}
    assert counted == {"linear": 2 * 3 + 2, "maxout": 8 * pieces, "mlpconv": 8 * pieces}


@pytest.mark.parametrize("channels", range(2, 13))
@pytest.mark.parametrize("pieces", range(8, 14))
def test_of_other_channels_they_differ_by_less_than_five_per_cent(channels: int, pieces: int):
    made = networks(channels, pieces, seed=0)
    counts = [cost(made[name], (channels, 1, 1)).parameters for name in ("maxout", "mlpconv")]
    assert max(counts) / min(counts) < 1.05


def test_macs_of_a_pixel_by_hand():
    """Linear 3 · 2; maxout 3 for each of 2 · 4 pieces; mlpconv 3 · 5, then 5 · 2."""
    made = networks(3, 4, seed=0)
    assert [cost(each, (3, 1, 1)).macs for each in made.values()] == [6, 24, 25]


def per_pixel(name: str, network: Any, x: Tensor) -> Tensor:
    """The scores `(n, 2)` of pixels `(n, C)`, by nn.Linear and ReLU."""
    if name == "linear":
        return linear(network)(x)
    if name == "mlpconv":
        return linear(network[2])(linear(network[0])(x).relu())
    pieces = [
        affine(row, of)
        for row, of in zip(network.weight.flatten(0, 1), network.bias.flatten(), strict=True)
    ]
    return torch.cat([piece(x) for piece in pieces], 1).unflatten(1, (2, -1)).amax(-1)


def linear(layer: Any) -> nn.Linear:
    return affine(layer.weight.flatten(1), layer.bias)


def affine(weight: Tensor, bias: Tensor) -> nn.Linear:
    weight, bias = torch.atleast_2d(weight), torch.atleast_1d(bias)
    made = nn.Linear(weight.shape[1], len(weight))
    made.load_state_dict({"weight": weight.detach(), "bias": bias.detach()})
    return made


@pytest.mark.parametrize("name", ["linear", "maxout", "mlpconv"])
def test_a_network_at_a_pixel_is_nn_linear(name: str):
    photo, network = torch.rand(3, 6, 9), networks(3, 7, seed=3)[name]
    scores = per_pixel(name, network, photo.flatten(1).T)
    torch.testing.assert_close(network(photo).flatten(1).T, scores)


@pytest.mark.parametrize("name", ["linear", "maxout", "mlpconv"])
def test_the_loss_counts_both_classes_alike_and_has_the_gradient_of_nn_linear(name: str):
    found, network = pixels(), networks(3, 4, seed=1)[name]
    scores = per_pixel(name, network, found.maps.flatten(1).T)
    each = F.cross_entropy(scores, found.labels, reduction="none")
    halves = [each[found.labels == kind].mean() for kind in (0, 1)]
    assert loss(network, found).item() == pytest.approx((sum(halves) / 2).item(), rel=1e-6)
    step = 1e-2
    (weight, *_) = network.parameters()
    (slope,) = torch.autograd.grad(loss(network, found), weight)
    with torch.no_grad():
        at = slope.abs().flatten().argmax()
        ends = []
        for sign in (1, -1):
            weight.view(-1)[at] += sign * step
            ends.append(loss(network, found).item())
            weight.view(-1)[at] -= sign * step
    assert (ends[0] - ends[1]) / (2 * step) == pytest.approx(float(slope.view(-1)[at]), rel=0.02)


def test_accuracy_is_the_mean_of_both_classes():
    """Three of class 0, of which one is right, and one of class 1, which is right: (1/3 + 1) / 2."""
    network = networks(1, 1, seed=0)["linear"]
    with torch.no_grad():
        network.weight.copy_(torch.tensor([1.0, -1.0]).view(2, 1, 1, 1))
        network.bias.zero_()
    few = Pixels(torch.tensor([[[1.0, -2.0, -3.0, -4.0]]]), torch.tensor([0, 0, 0, 1]))
    assert accuracy(network, few) == pytest.approx((1 / 3 + 1) / 2)
    assert math.isnan(accuracy(network, Pixels(few.maps[..., :3], few.labels[:3])))


@pytest.mark.parametrize("name", ["linear", "maxout", "mlpconv"])
def test_a_decision_is_a_difference_of_probabilities(name: str):
    photo, network = torch.rand(3, 5, 4), networks(3, 4, seed=2)[name]
    first, second = network(photo).softmax(0)
    torch.testing.assert_close(decision(network, photo)[0], (first - second).detach())


def trained(seed: int, steps: int = 40) -> dict[str, list[Tensor]]:
    made = networks(3, 4, seed)
    assert list(learn(made, pixels(), steps)) == list(range(steps + 1))
    return {name: [each.detach() for each in one.parameters()] for name, one in made.items()}


@torch.inference_mode()
def test_training_depends_on_the_seed_alone_also_in_inference_mode():
    first = trained(seed=4)
    torch.manual_seed(99)
    again, other = trained(seed=4), trained(seed=5)
    for name, weights in first.items():
        assert all(map(torch.equal, weights, again[name])), name
        assert not any(map(torch.equal, weights, other[name])), name


def test_networks_that_learn_together_learn_as_each_does_alone():
    together, found = networks(3, 4, seed=6), pixels()
    list(learn(together, found, steps=30))
    for name, alone in networks(3, 4, seed=6).items():
        list(learn({name: alone}, found, steps=30))
        for one, other in zip(alone.parameters(), together[name].parameters(), strict=True):
            torch.testing.assert_close(one, other, rtol=1e-5, atol=1e-6)


def test_a_band_is_learned_by_all_but_the_linear_one():
    made, found = networks(3, 4, seed=0), pixels(300)
    list(learn(made, found, steps=1200))
    shares = {name: accuracy(network, found) for name, network in made.items()}
    assert shares["linear"] < 0.7
    assert min(shares["maxout"], shares["mlpconv"]) > 0.95
