"""The Fourier plane of the bank: by the FFT, by gratings, and by the law of Gaussians."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from looking import noise

from viz import lessons
from viz.layers.gabor import GaborBank, GaborParameters, gabor_bank
from viz.lessons.blocks import Chart, Columns
from viz.lessons.orientation.spectrum import around, half_power, octaves, outline, power, reach
from viz.tuning import Sweep, gabor_response, responses

LESSON = lessons.load("orientation")
GABOR = GaborParameters(6, 2, 8.0, 4.0, 31, 1.0)
LONG = GABOR._replace(aspect=2.0, size_px=63)


def test_power_is_that_of_the_fft():
    kernels = noise(9, 9, channels=3)
    frequencies = torch.fft.fftfreq(16)
    padded = torch.fft.fft2(kernels.double(), (16, 16)).abs().square().sum(0)
    found = power(kernels, frequencies, -frequencies)  # rows of a picture go down
    torch.testing.assert_close(found, padded.float(), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("gabor", [GABOR, LONG], ids=["round", "long"])
def test_around_the_circle_it_is_the_energy_of_gratings(gabor: GaborParameters):
    """A quadrature pair's sum of squares, whatever the phase of the grating."""
    angles = (0.0, 20.0, 75.0, 90.0, 130.0)
    sweep = Sweep(angles, (8.0,), (0.0, 90.0))
    linear = responses(GaborBank(gabor), sweep)[:, 0]  # filters, orientations, phases
    expected = linear.square().sum((0, 2))
    found = around(gabor_bank(**gabor._asdict()), 8.0, torch.tensor(angles))
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("gabor", [GABOR, LONG], ids=["round", "long"])
@pytest.mark.parametrize("at", [0, 1, 4])
@pytest.mark.parametrize("sign", [1, -1])
def test_on_its_outline_a_filter_has_half_of_its_power(gabor: GaborParameters, at: int, sign: int):
    kernel = gabor_bank(**gabor._asdict())[2 * at : 2 * at + 1]
    found = outline(gabor, at, sign)
    values = torch.stack(
        [
            power(kernel, right[None], up[None])[0, 0]
            for right, up in zip(found.right, found.up, strict=True)
        ]
    )
    middle = power(kernel, found.right[:-1].mean()[None], found.up[:-1].mean()[None])
    torch.testing.assert_close(
        values / middle[0, 0], torch.full_like(values, 0.5), atol=0.02, rtol=0
    )
    assert found.degrees == 30 * at


def test_the_bandwidth_is_where_the_response_has_fallen_to_a_half():
    own, half = 1 / 8, math.sqrt(2) * half_power(4.0)
    for frequency in (own - half, own + half):
        response = gabor_response(
            torch.zeros(1), wavelength_px=8, sigma_px=4, grating_px=1 / frequency
        )
        assert float(response) == pytest.approx(0.5, abs=1e-6)
    assert octaves(GABOR) == pytest.approx(math.log2((own + half) / (own - half)))
    assert math.isnan(octaves(GABOR._replace(sigma_px=1.0)))


@pytest.mark.parametrize("fields", [{}, {"sigma_px": 1.0}, {"wavelength_px": 3.0}, {"aspect": 0.5}])
def test_the_plane_holds_every_filter(fields: dict[str, Any]):
    gabor = GABOR._replace(**fields)
    far = reach(gabor)
    assert far <= 0.5
    for at in range(gabor.orientations):
        found = outline(gabor, at)
        assert far == 0.5 or max(float(found.right.abs().max()), float(found.up.abs().max())) < far


def test_the_section_draws_what_it_measures():
    blocks = LESSON.section("fourier", LESSON.setting(orientations=4), noise())
    chart = next(
        b
        for block in blocks
        if isinstance(block, Columns)
        for c in block.columns
        for b in c
        if isinstance(b, Chart)
    )
    kernels = gabor_bank(**LESSON.setting(orientations=4).gabor._asdict())
    places = torch.linspace(-chart.arguments["reach"], chart.arguments["reach"], 65)
    measured = torch.as_tensor(chart.arguments["power"])
    torch.testing.assert_close(measured, power(kernels, places, places))
    # upright bars lie on the horizontal axis
    row, column = divmod(int(power(kernels[4:5], places, places).argmax()), 65)
    assert row == 32
    assert abs(abs(float(places[column])) - 1 / 8) < 0.01
