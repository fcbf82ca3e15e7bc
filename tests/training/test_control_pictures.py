"""The controls have the property they are made for, and lack the other."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from viz.images import photographs
from viz.training.control_pictures import (
    amplitude_slope,
    one_over_f_noise,
    phase_scrambled,
)


def kurtosis(values: np.ndarray) -> float:
    """3 for a Gaussian."""
    return float(((values - values.mean()) ** 4).mean() / values.var() ** 2)


@pytest.mark.parametrize("shape", [(32, 48), (31, 48), (32, 47), (31, 47)])
def test_the_scrambled_picture_has_the_spectrum_of_the_original(shape: tuple[int, int]):
    picture = torch.rand(*shape, generator=torch.Generator().manual_seed(0)).double()
    scrambled = phase_scrambled(picture, seed=1)
    before, after = (np.abs(np.fft.fft2(each.numpy())) for each in (picture, scrambled))
    np.testing.assert_allclose(after, before, atol=1e-9)
    assert float(scrambled.mean()) == pytest.approx(float(picture.mean()))
    assert float((scrambled - picture).abs().max()) > 0.1


def grey(picture: int) -> Tensor:
    return photographs()[picture].pixels.mean(0).double()


def test_the_scrambled_photograph_has_no_edges():
    """Differences between neighbours are mostly small and sometimes large only where edges are."""
    photograph = grey(1)
    scrambled = phase_scrambled(photograph, seed=0)
    inside = (slice(20, -20), slice(20, -20))  # the spectrum holds the jump at the border
    peaks = [kurtosis(each[inside].diff().numpy()) for each in (photograph, scrambled)]
    assert peaks[0] > 6
    assert peaks[1] == pytest.approx(3, abs=0.3)


def test_the_amplitude_of_noise_falls_as_one_over_f():
    power = sum(np.abs(np.fft.fft2(one_over_f_noise(256, seed).numpy())) ** 2 for seed in range(4))
    frequency = np.hypot(np.fft.fftfreq(256)[:, None], np.fft.fftfreq(256))
    within = (frequency > 0.02) & (frequency < 0.45)
    slope, _ = np.polyfit(np.log(frequency[within]), np.log(np.sqrt(power[within])), 1)
    assert slope == pytest.approx(-1, abs=0.03)


def test_noise_is_gaussian_with_mean_0():
    noise = one_over_f_noise(256, 0)
    assert float(noise.mean()) == pytest.approx(0, abs=1e-12)
    assert kurtosis(noise.diff().numpy()) == pytest.approx(3, abs=0.15)


def test_seeds_are_other_draws():
    picture = torch.rand(16, 16)
    for made in (lambda seed: one_over_f_noise(16, seed), lambda s: phase_scrambled(picture, s)):
        assert torch.equal(made(0), made(0))
        assert not torch.allclose(made(0), made(1), atol=1e-2)


def test_the_slope_is_that_of_the_line_through_all_frequencies():
    picture = grey(0)[:120, :200]
    amplitude = np.abs(np.fft.fft2(picture.numpy()))
    frequency = np.hypot(np.fft.fftfreq(120)[:, None], np.fft.fftfreq(200))
    within = (frequency > 0.02) & (frequency < 0.45)
    slope, _ = np.polyfit(np.log(frequency[within]), np.log(amplitude[within]), 1)
    assert amplitude_slope(picture) == pytest.approx(slope)
    assert amplitude_slope(phase_scrambled(picture, 3)) == pytest.approx(slope)
