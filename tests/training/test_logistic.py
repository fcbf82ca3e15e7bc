"""The best linear layer: by Newton's method, by another optimiser, by training, and by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from scipy import optimize

from viz.training.logistic import linear_optimum
from viz.training.pixel_classes import Pixels, learn, loss, networks


def overlapping(count: int, seed: int, apart: float = 1.0) -> Pixels:
    generator = torch.Generator().manual_seed(seed)
    labels = (torch.arange(count) % 3 == 0).long()  # twice as many of class 0
    maps = torch.randn(3, 1, count, generator=generator)
    maps[0] += apart * labels
    return Pixels(maps, labels)


def by_bfgs(pixels: Pixels) -> float:
    """The least loss as another optimiser finds it, with the formula written out."""
    x = pixels.maps.flatten(1).T.double().numpy()
    labels = pixels.labels.numpy()

    def value(plane: np.ndarray) -> float:
        scores = x @ plane[:3] + plane[3]
        of_0 = np.log1p(np.exp(-scores[labels == 0])).mean()
        of_1 = np.log1p(np.exp(scores[labels == 1])).mean()
        return (of_0 + of_1) / 2

    return optimize.minimize(value, np.zeros(4), method="BFGS", options={"gtol": 1e-9}).fun


@pytest.mark.parametrize("seed", range(4))
def test_another_optimiser_ends_at_the_same_loss(seed: int):
    pixels = overlapping(200, seed)
    found = linear_optimum(pixels)
    assert not found.separable
    assert found.loss == pytest.approx(by_bfgs(pixels), abs=1e-8)


def test_training_ends_there_too_and_never_below():
    pixels = overlapping(200, seed=1)
    made = {"linear": networks(3, 1, seed=0)["linear"]}
    list(learn(made, pixels, steps=1200))
    best, trained = linear_optimum(pixels).loss, loss(made["linear"], pixels).item()
    assert best - 1e-6 < trained < best + 1e-3


def test_the_plane_has_the_loss_that_is_said():
    pixels = overlapping(90, seed=2)
    found, layer = linear_optimum(pixels), networks(3, 1, seed=0)["linear"]
    with torch.no_grad():
        layer.weight.copy_(torch.stack([found.plane[:3], torch.zeros(3)]).view(2, 3, 1, 1))
        layer.bias.copy_(torch.stack([found.plane[3], torch.zeros(())]))
    assert loss(layer, pixels).item() == pytest.approx(found.loss, abs=1e-6)


def test_two_points_on_both_sides_of_a_third_leave_guessing():
    line = Pixels(torch.tensor([[[-1.0, 0.0, 1.0]]]), torch.tensor([0, 1, 0]))
    assert linear_optimum(line).loss == pytest.approx(math.log(2), abs=1e-9)


@pytest.mark.parametrize("apart", [0.01, 1.0, 30.0])
def test_a_plane_between_both_classes_is_found(apart: float):
    pixels = overlapping(300, seed=3, apart=0)
    maps = pixels.maps.clone()
    side = 2.0 * pixels.labels - 1
    maps[1, 0] = maps[0, 0] + side * (apart / 2 + maps[1, 0].abs())  # along a slanted plane
    found = linear_optimum(Pixels(maps, pixels.labels))
    scores = found.plane[:3] @ maps.flatten(1).double() + found.plane[3]
    assert found.separable
    assert ((scores < 0).long() == pixels.labels).all()


def test_a_step_that_would_go_too_far_is_shortened():
    """A lone pixel among many: whole steps of Newton's method end at a loss of 10¹²."""
    generator = torch.Generator().manual_seed(2646)
    count, ones = (
        int(torch.randint(*ends, (1,), generator=generator)) for ends in [(5, 200), (1, 3)]
    )
    maps = torch.randn(3, 1, count, generator=generator)
    maps[0, 0, :ones] += 6 * float(torch.rand(1, generator=generator))
    labels = (torch.arange(count) < ones).long()
    assert linear_optimum(Pixels(maps, labels)).separable


def test_classes_of_equal_pixels_cannot_be_separated():
    same = Pixels(torch.ones(3, 1, 4), torch.tensor([0, 0, 1, 1]))
    assert linear_optimum(same) == (
        pytest.approx(math.log(2)),
        False,
        pytest.approx(torch.zeros(4)),
    )
