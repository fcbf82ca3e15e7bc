"""The filter bank against a bank written out in numpy, scipy's correlation and known responses."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from scipy.signal import correlate2d
from torch import Tensor

from viz.images import at_working_size, find
from viz.layers import gabor
from viz.layers.gabor import (
    GaborBank,
    GaborBanksParameters,
    GaborParameters,
    gabor_bank,
    gabor_banks,
)
from viz.lessons.lab import LESSON as lab
from viz.lessons.pointwise import LESSON as pointwise
from viz.lessons.strided import LESSON as strided
from viz.settings import Choice, Slider

ODD = st.integers(1, 20).map(lambda n: 2 * n + 1)
PARAMETERS = st.builds(
    GaborParameters,
    st.integers(2, 7),
    st.sampled_from([1, 2, 4]),
    st.floats(3, 32),
    st.floats(1, 12),
    ODD,
    st.floats(0.5, 3),
    st.floats(0, 360),
)


def by_numpy(bank: GaborParameters) -> np.ndarray:
    """Kernel after kernel from a rotated frame whose v runs along the bars, y upward."""
    half = bank.size_px // 2
    y, x = np.mgrid[half : -half - 1 : -1, -half : half + 1].astype(float)
    kernels = []
    for o in range(bank.orientations):
        theta = np.pi * o / bank.orientations
        v = x * np.cos(theta) + y * np.sin(theta)
        u = x * np.sin(theta) - y * np.cos(theta)
        window = np.exp(-0.5 * (u / bank.sigma_px) ** 2)
        window *= np.exp(-0.5 * (v / (bank.aspect * bank.sigma_px)) ** 2)
        for p in range(bank.phases):
            phase = np.radians(bank.first_phase_degrees + 90 * p)
            wave = window * np.cos(2 * np.pi / bank.wavelength_px * u + phase)
            wave -= window * wave.sum() / window.sum()
            kernels.append(wave / np.sqrt((wave**2).sum()))
    return np.array(kernels)


def bars(angle_degrees: float, side: int = 41, wavelength_px: float = 8) -> Tensor:
    """Bright in the middle; `angle_degrees` counter-clockwise from horizontal as seen on screen."""
    steps = torch.arange(side) - side // 2
    row, column = torch.meshgrid(steps, steps, indexing="ij")
    theta = math.radians(angle_degrees)
    above = -row * math.cos(theta) - column * math.sin(theta)
    return 0.5 + 0.5 * torch.cos(2 * math.pi * above / wavelength_px)[None]


# ── The bank ────────────────────────────────────────────────────────────────────────────────────


@given(PARAMETERS)
def test_equals_a_bank_written_out_in_numpy(parameters):
    ours = gabor_bank(**parameters._asdict())
    np.testing.assert_allclose(ours.numpy(), by_numpy(parameters), atol=2e-6)


@given(PARAMETERS)
def test_kernels_have_zero_mean_and_unit_norm(parameters):
    kernels = gabor_bank(**parameters._asdict())
    assert kernels.dtype == torch.float32
    assert kernels.shape == (
        parameters.orientations * parameters.phases,
        parameters.size_px,
        parameters.size_px,
    )
    torch.testing.assert_close(kernels.sum((1, 2)), torch.zeros(len(kernels)), atol=1e-5, rtol=0)
    torch.testing.assert_close(kernels.square().sum((1, 2)), torch.ones(len(kernels)))


@pytest.mark.parametrize("sizes", [(2, 3, 1, 3, 0.5), (16, 32, 12, 3, 3), (5, 3, 12, 63, 3)])
def test_the_ends_of_the_sliders_are_filters_too(sizes):
    orientations, wavelength, sigma, size, aspect = sizes
    kernels = gabor_bank(
        orientations,
        phases=4,
        wavelength_px=wavelength,
        sigma_px=sigma,
        size_px=size,
        aspect=aspect,
    )
    torch.testing.assert_close(kernels.square().sum((1, 2)), torch.ones(len(kernels)))


@given(PARAMETERS)
def test_half_a_turn_of_phase_is_minus_the_kernel(parameters):
    bank = gabor_bank(**parameters._replace(phases=4)._asdict()).unflatten(0, (-1, 4))
    torch.testing.assert_close(bank[:, 2], -bank[:, 0])
    torch.testing.assert_close(bank[:, 3], -bank[:, 1])


def test_phase_0_is_even_and_bright_in_the_middle_and_phase_90_is_odd():
    bank = gabor_bank(6, phases=2, wavelength_px=8, sigma_px=4, size_px=21).unflatten(0, (6, 2))
    even, odd = bank[:, 0], bank[:, 1]
    torch.testing.assert_close(even, even.flip(-1, -2))
    torch.testing.assert_close(odd, -odd.flip(-1, -2))
    assert torch.equal(even[:, 10, 10], even.amax((1, 2)))


@pytest.mark.parametrize("index", range(8))
def test_bars_excite_the_filter_of_their_own_orientation(index):
    """0° is horizontal, 45° is "/", 90° is vertical, 135° is a backslash."""
    bank = gabor_bank(8, phases=1, wavelength_px=8, sigma_px=4, size_px=41)
    responses = (bank * bars(22.5 * index)).sum((1, 2))
    assert int(responses.argmax()) == index
    assert float(responses[index]) > 2 * float(responses.sort().values[-2])


def test_a_horizontal_line_excites_0_degrees():
    picture = torch.zeros(1, 21, 21)
    picture[:, 10, :] = 1
    bank = gabor_bank(4, phases=1, wavelength_px=8, sigma_px=4, size_px=21)
    assert int((bank * picture).sum((1, 2)).argmax()) == 0


def test_a_slash_excites_45_degrees():
    picture = torch.eye(21).flip(1)[None]  # from bottom left to top right
    bank = gabor_bank(4, phases=1, wavelength_px=8, sigma_px=4, size_px=21)
    assert int((bank * picture).sum((1, 2)).argmax()) == 1


@pytest.mark.parametrize("aspect", [0.5, 1.0, 2.0])
def test_aspect_is_length_along_the_bars_over_width_across(aspect):
    """Along the middle of a bar there is only the window: exp(−1/2) at aspect · sigma."""
    horizontal, vertical = gabor_bank(
        2, phases=1, wavelength_px=8, sigma_px=4, size_px=41, aspect=aspect
    )
    at = 20 + round(4 * aspect)
    for line in (horizontal[20], vertical[:, 20]):
        assert float(line[at] / line[20]) == pytest.approx(math.exp(-0.5), rel=1e-5)


@pytest.mark.parametrize(
    ("f", "sigma", "size", "half_width"), [(0.1, 5.0, 61, 21.6), (0.125, 4.0, 61, 21.6)]
)
def test_tuning_to_orientation_follows_the_known_law(f, sigma, size, half_width):
    """Gratings of the filter's own frequency, δ away: exp(−8π²σ²f² sin²(δ/2)) of the peak."""
    (kernel,) = gabor_bank(1, phases=1, wavelength_px=1 / f, sigma_px=sigma, size_px=size).double()
    angles = np.arange(0, 60, 0.5)
    responses = np.array([float((kernel * (bars(a, size, 1 / f) - 0.5)[0]).sum()) for a in angles])
    responses /= responses[0]
    law = np.exp(-8 * np.pi**2 * sigma**2 * f**2 * np.sin(np.radians(angles) / 2) ** 2)
    np.testing.assert_allclose(responses, law, atol=0.01)
    assert np.interp(-0.5, -responses, angles) == pytest.approx(half_width, abs=0.1)


@pytest.mark.parametrize(
    "wrong",
    [
        {"size_px": 20},
        {"size_px": 0},
        {"size_px": -3},
        {"wavelength_px": 0},
        {"sigma_px": -1},
        {"aspect": 0},
        {"orientations": 0},
        {"phases": 0},
    ],
)
def test_what_is_no_filter_is_refused(wrong):
    right = {"orientations": 4, "phases": 2, "wavelength_px": 8, "sigma_px": 4, "size_px": 21}
    with pytest.raises(ValueError, match="must be"):
        gabor_bank(**{**right, **wrong})


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"phases": 5}, "phases of 90° must be at most 4, not 5"),
        ({"wavelength_px": 2}, "the wavelength must be above 2 px, not 2 px"),
        ({"wavelength_px": 1.5}, "must be above 2 px, not 1.5 px"),
    ],
)
def test_what_would_be_another_filter_is_refused_by_its_value(wrong, sentence):
    """A fifth phase is the first; bars of 2 px and less come out as wider ones, or as none."""
    right = {"orientations": 4, "phases": 2, "wavelength_px": 8, "sigma_px": 4, "size_px": 21}
    with pytest.raises(ValueError, match=sentence):
        gabor_bank(**{**right, **wrong})
    with pytest.raises(ValueError, match=sentence):
        gabor_banks(
            4,
            phases=wrong.get("phases", 2),
            wavelengths_px=(8, wrong.get("wavelength_px", 6)),
        )


def test_what_sliders_allow_are_filters():
    """The limits of every lesson: no address, however odd, ends in a ValueError."""
    for lesson in (lab, pointwise, strided):
        wavelength = lesson.setting.controls()["wavelength_px"]
        assert isinstance(wavelength, Slider)
        for wavelength_px in (wavelength.low, wavelength.high):
            setting = replace(lesson.setting(bank="gabor"), wavelength_px=wavelength_px)
            assert setting.gabor.kernels().isfinite().all()
    phases = lab.setting.controls()["phases"]
    assert isinstance(phases, Choice)
    assert list(phases.options) == [1, 2, 4]


# ── The layer ───────────────────────────────────────────────────────────────────────────────────


def bank_of(size_px: int, phases: int = 2) -> GaborBank:
    return GaborBank(GaborParameters(3, phases, 9.0, 4.0, size_px, 1.5))


@pytest.mark.parametrize("size_px", [7, 31])
@pytest.mark.parametrize("shape", [(37, 52), (3, 200), (2, 2), (1, 9), (1, 1)])
def test_the_layer_equals_scipy_on_a_mirrored_picture(shape, size_px):
    """Also where the picture is narrower than the padding: numpy mirrors as often as needed."""
    layer: Any = bank_of(size_px)
    picture = torch.rand(1, *shape)
    ours = layer(picture)
    for kernel, found in zip(by_numpy(layer.gabor), ours, strict=True):
        around = np.pad(picture[0].double().numpy(), size_px // 2, mode="reflect")
        theirs = correlate2d(around, kernel, mode="valid")
        np.testing.assert_allclose(found.numpy(), theirs, atol=2e-5)


@pytest.mark.parametrize("size_px", [7, 31])
@pytest.mark.parametrize("shape", [(40, 33), (5, 50), (1, 1)])
def test_a_constant_picture_has_no_edge_at_its_frame(shape, size_px):
    assert float(bank_of(size_px)(torch.ones(1, *shape)).abs().max()) < 1e-5


def test_horizontal_bars_go_on_beyond_the_sides_of_the_picture():
    """A unit at the side responds as one in the middle: outside the bars continue."""
    bank = GaborBank(GaborParameters(1, 1, 8.0, 4.0, 21, 1.0))
    (response,) = bank(bars(0, side=64))
    torch.testing.assert_close(response, response[:, 32:33].expand(64, 64), atol=1e-5, rtol=0)


@pytest.mark.parametrize("slug", ["coffee", "chelsea", "astronaut", "camera", "brick", "grass"])
def test_the_strongest_responses_are_in_the_picture_and_not_at_its_frame(slug):
    """Of the top 1 % after rectifier and pool no more lie within 10 px of the frame than chance."""
    pixels = at_working_size(find(slug), 224).pixels
    maps = lab.network(lab.setting(pointwise=False, strided=False), pixels)(pixels)
    inside = torch.zeros(maps.shape, dtype=torch.bool)
    inside[:, 10:-10, 10:-10] = True
    strongest = maps > maps.flatten().kthvalue(round(0.99 * maps.numel())).values
    share = (strongest & ~inside).sum() / strongest.sum()
    assert share < 1.6 * (~inside).float().mean()


@pytest.mark.parametrize("size_px", [21, 31])
def test_other_than_one_channel_is_refused(size_px):
    """As many channels as filters would otherwise be multiplied one by one."""
    with pytest.raises(ValueError, match=r"\(6, 9, 9\)"):
        bank_of(size_px)(torch.zeros(6, 9, 9))


@pytest.mark.parametrize("size_px", [21, 31])
def test_runs_on_every_device(device, size_px):
    layer, x = bank_of(size_px), torch.rand(1, 40, 33)
    expected = layer(x)
    torch.testing.assert_close(layer.to(device)(x.to(device)).cpu(), expected, atol=3e-5, rtol=0)


@pytest.mark.parametrize("size_px", [21, 31])
def test_runs_where_there_are_no_numbers(one_device, size_px):
    layer = bank_of(size_px).to("meta")
    with one_device():
        assert layer(torch.empty(2, 1, 40, 33, device="meta")).shape == (2, 6, 40, 33)


# ── Banks of several wavelengths ────────────────────────────────────────────────────────────────

FIFTY = GaborBanksParameters(5, 2, (4.0, 6.0, 8.0, 11.0, 15.0))
SIZES_PX = {4.0: 11, 6.0: 17, 8.0: 21, 11.0: 29, 15.0: 39}  # 2·ceil(2.5 · wavelength / 2) + 1


def test_fifty_filters_stand_orientation_by_orientation():
    """Channel o*10 + w*2 + p is orientation o, wavelength w, phase p; sigma half the wavelength."""
    found = gabor_banks(**FIFTY._asdict())
    assert found.shape == (50, 39, 39)
    for w, (wavelength_px, size_px) in enumerate(SIZES_PX.items()):
        one = by_numpy(GaborParameters(5, 2, wavelength_px, wavelength_px / 2, size_px, 1.0))
        margin = (39 - size_px) // 2
        for o in range(5):
            for p in range(2):
                expected = np.pad(one[o * 2 + p], margin)
                np.testing.assert_allclose(found[o * 10 + w * 2 + p], expected, atol=2e-6)


def test_fifty_filters_have_zero_mean_and_unit_norm():
    kernels = gabor_banks(**FIFTY._asdict())
    torch.testing.assert_close(kernels.sum((1, 2)), torch.zeros(50), atol=1e-5, rtol=0)
    torch.testing.assert_close(kernels.square().sum((1, 2)), torch.ones(50))


@pytest.mark.parametrize("wavelength_px", SIZES_PX)
def test_a_kernel_ends_where_its_window_has_fallen_to_four_percent(wavelength_px):
    half = SIZES_PX[wavelength_px] // 2
    assert math.exp(-((half / (wavelength_px / 2)) ** 2) / 2) <= 0.044
    assert math.exp(-(((half - 1) / (wavelength_px / 2)) ** 2) / 2) > 0.035


def test_the_layer_of_fifty_equals_conv2d():
    layer, x = GaborBank(FIFTY), torch.rand(2, 1, 50, 41)
    around = F.pad(x, [19] * 4, mode="reflect")
    slid = F.conv2d(around, gabor_banks(**FIFTY._asdict())[:, None])
    torch.testing.assert_close(layer(x), slid, atol=3e-5, rtol=0)
    torch.testing.assert_close(layer(x[0]), slid[0], atol=3e-5, rtol=0)


def test_kernels_that_are_kept_are_nobodys_to_change():
    first = GaborBank(FIFTY)
    with torch.no_grad():
        first.weight.zero_()
    assert float(GaborBank(FIFTY).weight.abs().max()) > 0


def test_kernels_kept_without_gradients_serve_where_there_are_some():
    gabor._kept.cache_clear()
    with torch.inference_mode():
        GaborBank(FIFTY)
    assert gabor._kept.cache_info().currsize == 1
    layer, x = GaborBank(FIFTY), torch.rand(1, 40, 40, requires_grad=True)
    assert not layer.weight.is_inference()
    layer(x)[7, 20, 20].backward()
    torch.testing.assert_close(x.grad[0, 1:40, 1:40], layer.weight[7, 0], atol=1e-5, rtol=0)
