"""Tuning curves of filters, mixtures and energies against closed forms and a second route."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from viz.layers.activation import Square
from viz.layers.gabor import GaborBank, GaborParameters, gabor_bank, gabor_banks
from viz.layers.pointwise import Pointwise
from viz.tuning import (
    Screen,
    Sweep,
    curve_of,
    gabor_half_width_degrees,
    gabor_response,
    responses,
    tuning_curve,
)

# f = 0.1 cycles a pixel, sigma = 5 px, 61 px a side
WIDE = GaborParameters(6, 2, 10.0, 5.0, 61, 1.0)
EVERY_5 = range(0, 180, 5)


def kernels_of(kernels: Tensor) -> nn.Conv2d:
    """The kernels as a convolution of one channel."""
    layer = nn.Conv2d(1, len(kernels), kernels.shape[-1], bias=False)
    layer.weight = nn.Parameter(kernels[:, None], requires_grad=False)
    return layer


def of_bank(*after: nn.Module, bank: GaborParameters = WIDE) -> nn.Sequential:
    return nn.Sequential(GaborBank(bank), *after)


# ── Closed forms ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("after", [[], [nn.ReLU()]], ids=["linear", "rectified"])
def test_a_gabor_follows_the_known_law(after):
    curve = tuning_curve(of_bank(*after), EVERY_5, wavelengths_px=[10])
    own = torch.arange(6).repeat_interleave(2) * 30.0
    offsets = curve.orientations_degrees - own[:, None]
    law = gabor_response((offsets + 90) % 180 - 90, wavelength_px=10, sigma_px=5)
    peak = curve.response.amax(1, keepdim=True)
    torch.testing.assert_close(curve.response / peak, law, atol=0.01, rtol=0)
    torch.testing.assert_close(
        (curve.preferred_degrees - own + 90) % 180, torch.full((12,), 90.0), atol=0.05, rtol=0
    )
    assert curve.half_width_degrees.numpy() == pytest.approx([21.6] * 12, abs=0.3)
    assert curve.f1_f0.numpy() == pytest.approx([math.pi / 2] * 12, abs=0.01)
    assert curve.modulation_depth.numpy() == pytest.approx([1.0] * 12)
    assert not curve.is_silent.any()


def test_its_energy_is_narrower_and_does_not_depend_on_phase():
    pairs = torch.eye(6).repeat_interleave(2, 1)
    curve = tuning_curve(of_bank(Square(), Pointwise(pairs)), EVERY_5, wavelengths_px=[10])
    assert curve.half_width_degrees.numpy() == pytest.approx([15.2] * 6, abs=0.3)
    assert curve.f1_f0.numpy() == pytest.approx([0.0] * 6, abs=0.01)
    assert curve.modulation_depth.numpy() == pytest.approx([0.0] * 6, abs=0.01)


def test_either_member_squared_is_modulated_though_its_f1_is_0_too():
    curve = tuning_curve(of_bank(Square()), EVERY_5, wavelengths_px=[10])
    assert curve.f1_f0.numpy() == pytest.approx([0.0] * 12, abs=0.01)
    assert curve.modulation_depth.numpy() == pytest.approx([1.0] * 12, abs=0.01)


@pytest.mark.parametrize("first", [0, 2.5, 5, 7.5])
@pytest.mark.parametrize("step", [6, 10, 15])
def test_half_widths_hardly_depend_on_which_orientations_are_shown(first, step):
    shown = [first + each for each in range(0, 180, step)]
    curve = tuning_curve(of_bank(), shown, wavelengths_px=[10])
    tolerance = 0.3 if step <= 10 else 1.0
    wanted = gabor_half_width_degrees(wavelength_px=10, sigma_px=5)
    assert curve.half_width_degrees.numpy() == pytest.approx([wanted] * 12, abs=tolerance)


@pytest.mark.parametrize("aspect", [0.7, 2.0])
def test_a_longer_window_is_tuned_more_narrowly(aspect):
    bank = GaborParameters(4, 1, 10.0, 5.0, 81, aspect)
    curve = tuning_curve(of_bank(bank=bank), range(0, 180, 3), wavelengths_px=[10])
    wanted = gabor_half_width_degrees(wavelength_px=10, sigma_px=5, aspect=aspect)
    assert curve.half_width_degrees.numpy() == pytest.approx([wanted] * 4, abs=0.5)


def test_each_filter_prefers_its_own_wavelength():
    """Windows grow with the wavelength, so that the bands are equally wide in octaves."""
    wavelengths = (5.0, 10.0, 20.0)
    bank = kernels_of(gabor_banks(2, phases=1, wavelengths_px=wavelengths))
    curve = tuning_curve(bank, EVERY_5)
    assert curve.preferred_wavelength_px.tolist() == [*wavelengths, *wavelengths]
    turned = (curve.preferred_degrees + 45) % 180
    assert turned.numpy() == pytest.approx([45, 45, 45, 135, 135, 135], abs=0.1)


def test_bars_at_0_degrees_are_never_called_180_degrees():
    bank = of_bank(bank=WIDE._replace(orientations=1, phases=4))
    for phases in (7, 16, 32):
        degrees = tuning_curve(bank, EVERY_5, phases=phases).preferred_degrees
        assert degrees.numpy() == pytest.approx([0.0] * 4, abs=0.01)


# ── Any filter, by a second route ───────────────────────────────────────────────────────────────


def by_numpy(
    kernel: np.ndarray, wavelength: float, degrees: np.ndarray
) -> tuple[np.ndarray, float, float]:
    """R of every orientation from the complex response of a linear filter, its vector and its spread."""
    half = kernel.shape[-1] // 2
    y, x = np.mgrid[half : -half - 1 : -1, -half : half + 1].astype(float)
    theta = np.radians(degrees)[:, None, None]
    waves = np.exp(2j * np.pi * (x * np.sin(theta) - y * np.cos(theta)) / wavelength)
    strength = np.abs((waves * kernel).sum((1, 2))) / 2  # a half-rectified cosine has F1 = 1/2
    vector = (strength * np.exp(2j * np.radians(degrees))).sum()
    return strength, np.degrees(np.angle(vector)) / 2 % 180, abs(vector) / strength.sum()


@pytest.mark.parametrize("seed", range(3))
def test_a_filter_of_random_weights_by_its_fourier_transform(seed):
    kernel = torch.randn(
        4, 9, 9, generator=torch.Generator().manual_seed(seed), dtype=torch.float64
    )
    curve = tuning_curve(kernels_of(kernel).double(), EVERY_5, wavelengths_px=[4, 7])
    for n, one in enumerate(kernel.numpy()):
        routes = {each: by_numpy(one, each, np.arange(0, 180, 5.0)) for each in (4.0, 7.0)}
        best = max(routes, key=lambda each: routes[each][0].max())
        strength, preferred, selectivity = routes[best]
        assert float(curve.preferred_wavelength_px[n]) == best
        np.testing.assert_allclose(curve.response[n].numpy(), strength, rtol=1e-6)
        assert float(curve.preferred_degrees[n]) == pytest.approx(preferred, abs=1e-5)
        assert float(curve.selectivity[n]) == pytest.approx(selectivity, abs=1e-8)


def test_mixtures_of_two_orientations():
    """Equal shares prefer the orientation between; at right angles they have none."""
    bank = gabor_bank(8, phases=1, wavelength_px=10, sigma_px=5, size_px=61)
    weights = torch.zeros(3, 8)
    weights[0, [0, 2]] = weights[1, [0, 4]] = 1
    weights[2] = 1
    curve = tuning_curve(
        nn.Sequential(kernels_of(bank), nn.ReLU(), Pointwise(weights)), EVERY_5, wavelengths_px=[10]
    )
    assert float(curve.preferred_degrees[0]) == pytest.approx(22.5, abs=0.1)
    assert float(curve.selectivity[0]) > 0.5
    assert float(curve.selectivity[1]) < 0.01
    assert float(curve.selectivity[2]) < 0.01
    assert curve.half_width_degrees[2].isnan(), "all orientations alike never fall to half"


# ── Silence ─────────────────────────────────────────────────────────────────────────────────────


def test_silent_channels_have_no_statistics():
    bank = gabor_bank(2, phases=4, wavelength_px=10, sigma_px=5, size_px=31)
    zero, opposed = torch.zeros(1, 8), torch.zeros(1, 8)
    opposed[0, [0, 2]] = 1  # 0° and 180° cancel
    layer = nn.Sequential(
        kernels_of(bank),
        Pointwise(
            torch.cat([zero, opposed, torch.eye(8)[:1], -torch.eye(8)[:1]]),
            torch.tensor([0.0, 0.0, -100.0, 0.0]),
        ),
        nn.ReLU(),
    )
    curve = tuning_curve(layer, EVERY_5)
    assert curve.is_silent.tolist() == [True, True, True, False]
    for name in (
        "preferred_degrees",
        "half_width_degrees",
        "selectivity",
        "preferred_wavelength_px",
        "f1_f0",
        "modulation_depth",
    ):
        assert getattr(curve, name).isnan().tolist() == [True, True, True, False], name
    assert (curve.response >= 0).all()


def test_a_channel_that_only_falls_below_its_blank_is_silent():
    """What is half-rectified is the difference from the blank."""
    layer = nn.Sequential(
        kernels_of(gabor_bank(1, phases=1, wavelength_px=10, sigma_px=5, size_px=31))
    )
    layer.append(Square()).append(Pointwise(torch.tensor([[-1.0]]), torch.tensor([50.0])))
    curve = tuning_curve(layer, EVERY_5)
    assert curve.is_silent.all()
    assert not curve.response.any()


def test_silence_is_below_what_one_says():
    layer = kernels_of(1e-6 * gabor_bank(1, phases=1, wavelength_px=10, sigma_px=5, size_px=31))
    assert tuning_curve(layer, EVERY_5).is_silent.all()
    assert not tuning_curve(layer, EVERY_5, silent_below=1e-9).is_silent.any()


# ── Shapes, scales, devices ─────────────────────────────────────────────────────────────────────


def test_statistics_do_not_depend_on_contrast_or_mean():
    layer = of_bank(bank=WIDE._replace(size_px=31))
    one = tuning_curve(layer, EVERY_5)
    other = tuning_curve(layer, EVERY_5, screen=Screen(mean=0.5, contrast=0.25))
    torch.testing.assert_close(other.response, one.response / 4, atol=1e-4, rtol=1e-3)
    for name in ("selectivity", "half_width_degrees", "f1_f0"):
        torch.testing.assert_close(getattr(other, name), getattr(one, name), atol=0.02, rtol=0.01)


def test_the_long_form_is_the_short_one():
    layer = of_bank(nn.ReLU(), bank=WIDE._replace(size_px=31))
    sweep = Sweep.evenly(36, (7.0, 10.0), phases=8)
    long = curve_of(responses(layer, sweep), sweep)
    short = tuning_curve(layer, torch.arange(0, 180, 5), wavelengths_px=(7, 10), phases=8)
    for name, each in vars(long).items():
        torch.testing.assert_close(getattr(short, name), each, equal_nan=True)


@pytest.mark.parametrize("orientations", [[], [0.0], [0.0, 90.0]])
def test_fewer_than_three_orientations_are_refused(orientations):
    with pytest.raises(ValueError, match="at least three"):
        tuning_curve(nn.Conv2d(1, 1, 3), orientations)


def test_responses_of_another_sweep_are_refused():
    sweep = Sweep.evenly(6, (8.0,), phases=4)
    with pytest.raises(ValueError, match="responses of"):
        curve_of(torch.zeros(2, 1, 5, 4), sweep)


def test_runs_where_no_numbers_are(one_device):
    with one_device():
        curve = tuning_curve(nn.Conv2d(1, 3, 5, padding=2, device="meta"), EVERY_5, phases=4)
    assert {each.device.type for each in vars(curve).values()} == {"meta"}
    assert curve.half_width_degrees.shape == (3,)


def test_runs_on_every_device(device):
    layer = of_bank(bank=WIDE._replace(size_px=31))
    here, there = tuning_curve(layer, EVERY_5), tuning_curve(layer.to(device), EVERY_5)
    torch.testing.assert_close(there.response.cpu(), here.response, atol=1e-4, rtol=1e-4)
