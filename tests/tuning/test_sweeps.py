"""Gratings pixel by pixel, and the order of a sweep."""

from __future__ import annotations

import itertools
import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from viz.tuning import Sweep, gratings


@given(st.floats(0, 360), st.floats(3, 20), st.floats(0, 180), st.integers(1, 13))
def test_gratings_pixel_by_pixel(phase, wavelength_px, orientation, side):
    phases = torch.tensor([phase], dtype=torch.float64)
    (found,) = gratings(
        phases, wavelength_px=wavelength_px, orientation_degrees=orientation, size_px=side
    )
    theta = math.radians(orientation)
    for i in range(side):
        for j in range(side):
            u = (j - side // 2) * math.sin(theta) + (i - side // 2) * math.cos(theta)
            expected = math.cos(2 * math.pi * u / wavelength_px + math.radians(phase))
            assert float(found[i, j]) == pytest.approx(expected, abs=1e-9)


def test_bars_at_0_degrees_are_horizontal():
    (found,) = gratings(torch.zeros(1), wavelength_px=8, orientation_degrees=0, size_px=9)
    assert torch.equal(found, found[:, :1].expand(9, 9))
    assert found[4, 0] == 1


def test_bars_at_45_degrees_rise_to_the_right():
    (found,) = gratings(torch.zeros(1), wavelength_px=8, orientation_degrees=45, size_px=9)
    torch.testing.assert_close(found.flip(1).diagonal(), torch.ones(9))


SWEEP = Sweep((0.0, 20.0, 90.0), (5.0, 8.0), (0.0, 90.0, 180.0, 270.0))


def test_a_sweep_is_every_wavelength_with_every_orientation_and_phase(device):
    like = torch.zeros((), dtype=torch.float32, device=device)
    found = SWEEP.pictures(11, like=like).unflatten(0, SWEEP.shape)
    assert (found.dtype, found.device) == (like.dtype, like.device)
    for w, o, p in itertools.product(*map(range, SWEEP.shape)):
        (alone,) = gratings(
            torch.tensor([SWEEP.phases_degrees[p]]),
            wavelength_px=SWEEP.wavelengths_px[w],
            orientation_degrees=SWEEP.orientations_degrees[o],
            size_px=11,
        )
        torch.testing.assert_close(found[w, o, p].cpu(), alone, atol=1e-4, rtol=0)


@given(st.integers(0, 30), st.integers(0, 30))
def test_a_part_of_a_sweep_is_a_part_of_all_its_pictures(first, last):
    like = torch.zeros((), dtype=torch.float64)
    part, whole = SWEEP.pictures(5, slice(first, last), like=like), SWEEP.pictures(5, like=like)
    assert torch.equal(part, whole[first:last])


@given(st.integers(1, 40), st.integers(1, 40))
def test_steps_are_even_and_the_end_of_the_turn_is_not_its_start_again(orientations, phases):
    sweep = Sweep.evenly(orientations, (8.0,), phases)
    assert sweep.shape == (1, orientations, phases)
    for axis, turn in ((sweep.orientations_degrees, 180), (sweep.phases_degrees, 360)):
        assert axis[0] == 0
        steps = [b - a for a, b in itertools.pairwise([*axis, turn])]
        assert steps == pytest.approx([turn / len(axis)] * len(axis))
