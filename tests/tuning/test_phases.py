"""A phase sweep of real filters under real gratings, against the closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from viz.layers.gabor import gabor_bank
from viz.tuning import gratings, modulation_depth, phase_sweep

STEPS = 72


def bank(wavelength_px: float = 8, orientations: int = 1) -> torch.Tensor:
    return gabor_bank(
        orientations,
        phases=4,
        wavelength_px=wavelength_px,
        sigma_px=wavelength_px / 2,
        size_px=2 * math.ceil(1.5 * wavelength_px) + 1,
    )


@pytest.mark.parametrize("index", range(5))
@pytest.mark.parametrize("wavelength_px", [4.0, 8.0, 15.0])
def test_sweep_follows_the_closed_forms(index, wavelength_px):
    """A filter of phase p answers a grating of phase φ by cos(φ − p), up to its pixels."""
    kernels = bank(wavelength_px, orientations=5).unflatten(0, (5, 4))[index]
    sweep = phase_sweep(kernels.double(), wavelength_px, orientation_degrees=36 * index)
    phi = np.radians(np.arange(STEPS) * 360 / STEPS)
    np.testing.assert_allclose(sweep.phases_degrees.numpy(), np.degrees(phi))
    forms = {
        "two": np.maximum(0, np.maximum(np.cos(phi), np.sin(phi))),
        "four": np.maximum(np.abs(np.cos(phi)), np.abs(np.sin(phi))),
        "energy": np.ones(STEPS),
    }
    for way, form in forms.items():
        np.testing.assert_allclose(sweep.responses[way].numpy(), form, atol=0.01)


def test_depths_are_those_of_the_lesson():
    """1 where both phases are negative, (1 − √½)/(1 + √½) between four, and the residual is said."""
    depth = phase_sweep(bank(), 8).modulation_depth
    assert depth["two"] == 1
    assert depth["four"] == pytest.approx((1 - 0.5**0.5) / (1 + 0.5**0.5), abs=1e-3)
    assert 0 < depth["energy"] < 0.003


def test_energy_is_exact_but_for_the_unequal_strength_of_the_two_phases():
    """Even and odd made equally strong at their grating, what is left is a hundredth of it."""
    kernels = bank().double()
    shown = gratings(
        torch.tensor([0.0, 90.0], dtype=torch.float64),
        wavelength_px=8,
        orientation_degrees=0,
        size_px=kernels.shape[-1],
    )
    kernels = kernels / (kernels * shown[[0, 1, 0, 1]]).sum((1, 2)).abs()[:, None, None]
    assert phase_sweep(kernels, 8).modulation_depth["energy"] < 1e-12


@given(st.lists(st.floats(0, 10), min_size=1, max_size=9).filter(any))
def test_modulation_depth_by_its_formula(responses):
    found = modulation_depth(torch.tensor(responses, dtype=torch.float64))
    low, high = min(responses), max(responses)
    assert found == pytest.approx((high - low) / (high + low))
    assert 0 <= found <= 1


@pytest.mark.parametrize("responses", [[0.0, 0.0], [-1.0, 2.0]])
def test_what_has_no_depth_is_refused(responses):
    with pytest.raises(ValueError, match="no modulation depth"):
        modulation_depth(torch.tensor(responses))


@pytest.mark.parametrize("shape", [(2, 5, 5), (5, 5), (5, 5, 5)])
def test_other_than_four_phases_are_refused(shape):
    with pytest.raises(ValueError, match="four phases"):
        phase_sweep(torch.zeros(shape), 8)


def test_runs_on_every_device(device):
    here, there = phase_sweep(bank(), 8), phase_sweep(bank().to(device), 8)
    for way in here.responses:
        torch.testing.assert_close(
            there.responses[way].cpu(), here.responses[way], atol=1e-4, rtol=0
        )
