"""Naming gratings: the stimuli by their spectra, the network by plain loops, and what it learns."""

from __future__ import annotations

import math

import pytest
import torch
import torch.nn.functional as F

from viz.training import orientation_classes
from viz.training.orientation_classes import (
    CLASSES,
    Network,
    circular_correlation,
    drawn,
    first_networks,
    learn,
)


def noise(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def test_the_spectrum_of_a_grating_lies_across_its_bars(monkeypatch: pytest.MonkeyPatch):
    """The energy's centre on the half plane, doubled angles: an oracle without the formula."""
    monkeypatch.setattr(orientation_classes, "NOISE", 0.0)
    pictures, labels = drawn(40, seed=3)
    energy = torch.fft.fft2(pictures).abs().square()
    frequency = torch.fft.fftfreq(pictures.shape[-1])
    # bars of angle θ, counter-clockwise with rows downwards, vary along the angle θ + 90°
    across = torch.atan2(-frequency[:, None], frequency[None]) - math.pi / 2
    mean = (energy * torch.exp(2j * across)).sum((1, 2))
    found = torch.rad2deg(mean.angle() / 2) % 180
    apart = (found - 180 / CLASSES * labels + 90) % 180 - 90
    assert apart.abs().max() < 3


def test_brightness_says_nothing_and_a_seed_says_all():
    first, again, other = drawn(24, seed=5), drawn(24, seed=5), drawn(24, seed=6)
    assert torch.equal(first.pictures, again.pictures)
    assert not torch.equal(first.pictures, other.pictures)
    assert first.pictures.mean((1, 2)).abs().max() < 1e-6
    assert first.labels.bincount().tolist() == [3] * CLASSES


def test_a_map_is_a_convolution_that_continues_at_the_opposite_side():
    pictures, kernels = noise(3, 24, 24), noise(2, 11, 11, seed=1)
    around = F.pad(pictures[:, None], (0, 10, 0, 10), mode="circular")
    expected = F.conv2d(around.double(), kernels[:, None].double()).float()
    torch.testing.assert_close(circular_correlation(pictures, kernels), expected, atol=1e-4, rtol=0)


def test_without_a_relu_an_average_is_the_kernels_sum_times_the_pictures_mean():
    pictures, kernels = noise(4, 24, 24), noise(3, 11, 11, seed=1)
    network = Network(kernels, noise(8, 3), noise(8), rectified=False)
    expected = pictures.mean((1, 2))[:, None] * kernels.sum((1, 2))
    torch.testing.assert_close(network.averages(pictures), expected, atol=1e-5, rtol=0)
    with_relu = network._replace(rectified=True).averages(pictures)
    assert (with_relu - expected).abs().min() > 1


def test_with_the_relu_it_learns_and_without_it_stays_at_chance():
    networks, test = first_networks(0), drawn(160, seed=10_000)
    start = networks[1].kernels.detach().clone()
    assert networks[0].right(test) < 0.4
    assert list(learn(networks, seed=0)) == list(range(orientation_classes.STEPS + 1))
    with_relu, without = networks
    assert with_relu.right(test) > 0.95
    assert without.right(test) == 1 / CLASSES  # every grating gets the same answer
    moved = [(each.kernels.detach() - start).norm() / start.norm() for each in networks]
    assert moved[0] > 2 > 0.5 > moved[1]


def test_equal_seeds_learn_equal_weights_and_others_do_not():
    def learned(seed: int) -> torch.Tensor:
        networks = first_networks(seed)
        for _ in learn(networks, seed, steps=3):
            pass
        return networks[0].kernels.detach()

    assert torch.equal(learned(1), learned(1))
    assert not torch.equal(learned(1), learned(2))
