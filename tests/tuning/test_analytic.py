"""The closed forms of a Gabor filter against its integral and against a search."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from viz.tuning import gabor_half_width_degrees, gabor_response

SIGMAS = st.floats(0.5, 1.2)  # in wavelengths
ASPECTS = st.floats(0.5, 3)


def integral(offset: float, wavelength: float, sigma: float, aspect: float, grating: float):
    """|∫∫ gabor · e^{−i k·x}| by a sum over a fine grid, of the complex filter; 1 at its own."""
    reach = 5 * sigma * max(1.0, aspect)
    x = np.linspace(-reach, reach, 301)
    u, v = np.meshgrid(x, x)
    window = np.exp(-(u**2 + (v / aspect) ** 2) / (2 * sigma**2))
    filter_ = window * np.exp(2j * np.pi * u / wavelength)
    across = u * np.cos(np.radians(offset)) + v * np.sin(np.radians(offset))
    return abs((filter_ * np.exp(-2j * np.pi * across / grating)).sum()) / window.sum()


@given(st.floats(-90, 90), SIGMAS, ASPECTS, st.floats(5, 20))
def test_response_is_the_integral_of_filter_and_grating(offset, sigma, aspect, grating):
    found = gabor_response(
        torch.tensor(offset, dtype=torch.float64),
        wavelength_px=10,
        sigma_px=10 * sigma,
        aspect=aspect,
        grating_px=grating,
    )
    expected = integral(offset, 10, 10 * sigma, aspect, grating)
    assert float(found) == pytest.approx(expected, abs=1e-5)


@given(st.floats(-90, 90), SIGMAS)
def test_response_of_a_round_window_is_the_known_law(offset, sigma):
    found = gabor_response(
        torch.tensor([offset], dtype=torch.float64), wavelength_px=10, sigma_px=10 * sigma
    )
    law = math.exp(-8 * (math.pi * sigma * math.sin(math.radians(offset) / 2)) ** 2)
    assert float(found) == pytest.approx(law)


@given(SIGMAS, ASPECTS, st.sampled_from([1, 2]))
def test_half_width_is_where_the_response_is_one_half(sigma, aspect, power):
    angles = torch.linspace(0, 90, 90_001, dtype=torch.float64)
    curve = gabor_response(angles, wavelength_px=10, sigma_px=10 * sigma, aspect=aspect) ** power
    below = (curve < 0.5).nonzero()
    found = gabor_half_width_degrees(
        wavelength_px=10, sigma_px=10 * sigma, aspect=aspect, power=power
    )
    if len(below):
        assert found == pytest.approx(float(angles[below[0, 0]]), abs=2e-3)
    else:
        assert math.isnan(found)


def test_half_width_of_a_round_window_by_its_arcsine():
    found = gabor_half_width_degrees(wavelength_px=10, sigma_px=5)
    by_arcsine = 2 * math.asin(math.sqrt(math.log(2) / (8 * math.pi**2 * 25 * 0.01)))
    assert found == pytest.approx(math.degrees(by_arcsine))


def test_a_window_that_is_too_small_never_falls_to_half():
    assert math.isnan(gabor_half_width_degrees(wavelength_px=10, sigma_px=1))
    assert math.isnan(gabor_half_width_degrees(wavelength_px=10, sigma_px=1, aspect=0.5))
    assert math.isnan(gabor_half_width_degrees(wavelength_px=10, sigma_px=0.2, aspect=3))
