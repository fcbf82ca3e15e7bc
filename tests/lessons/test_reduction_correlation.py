"""How much the channels of the bank have in common, by numpy and by plain loops."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
import torch
from looking import noise, shipped
from torch import Tensor

from viz.lessons.bank_of_50 import BANK, CHANNELS, ORIENTATIONS, PHASES, WAVELENGTHS_PX
from viz.lessons.covariance import covariance
from viz.lessons.reduction.correlation import (
    correlations,
    energy_kept,
    in_common,
    numbers_for,
    of_neighbours,
)
from viz.lessons.stages import oriented_maps

SHAPE = (ORIENTATIONS, len(WAVELENGTHS_PX), PHASES)


@pytest.fixture(scope="module")
def coffee() -> Tensor:
    maps: Tensor = oriented_maps(BANK)(shipped("coffee", 96))
    return maps


def test_correlations_are_pearsons(coffee: Tensor):
    expected = np.corrcoef(coffee.flatten(1).double().numpy())
    np.testing.assert_allclose(
        correlations(covariance(coffee.double())).numpy(), expected, atol=1e-9
    )


def test_a_channel_that_does_not_vary_correlates_with_none():
    maps = noise(5, 6)
    maps[1] = 0.3
    maps[1, 0, 0] += 1e-6  # as rounding leaves of a constant
    found = correlations(covariance(maps.double()))
    assert not found[1].any()
    assert not found[:, 1].any()
    assert found[0, 0] == pytest.approx(1)


def test_scale_and_sign_of_a_channel_change_no_size(coffee: Tensor):
    factors = torch.linspace(-3.1, 4, CHANNELS)[:, None, None]
    torch.testing.assert_close(
        correlations(covariance(coffee * factors.double())).abs(),
        correlations(covariance(coffee.double())).abs(),
        atol=1e-5,
        rtol=0,
    )


def test_what_two_channels_have_in_common_is_counted_once_for_each_pair():
    maps = noise(9, 8, channels=4)
    found = correlations(covariance(maps.double()))
    every = [abs(float(found[a, b])) for a, b in product(range(4), range(4)) if a < b]
    assert in_common(found) == pytest.approx((sum(every) / 6, max(every)))
    assert in_common(found[:1, :1]) == (0.0, 0.0)


def test_neighbours_differ_in_one_thing(coffee: Tensor):
    found = correlations(covariance(coffee.double()))

    def r(one: tuple[int, ...], other: tuple[int, ...]) -> float:
        at = [int(np.ravel_multi_index(each, SHAPE)) for each in (one, other)]
        return abs(float(found[at[0], at[1]]))

    o, w, p = map(range, SHAPE)
    wavelength = [r((a, b, c), (a, b + 1, c)) for a, b, c in product(o, w[:-1], p)]
    orientation = [r((a, b, c), ((a + 1) % len(o), b, c)) for a, b, c in product(o, w, p)]
    phase = [r((a, b, 0), (a, b, 1)) for a, b in product(o, w)]
    expected = {"wavelength": wavelength, "orientation": orientation, "phase": phase}
    means = {name: sum(each) / len(each) for name, each in expected.items()}
    assert of_neighbours(found, SHAPE) == pytest.approx(means)


@pytest.mark.parametrize("name", ["coffee", "brick", "chelsea"])
def test_the_next_wavelength_says_nearly_the_same_and_the_other_phase_nothing(name: str):
    mean = of_neighbours(
        correlations(covariance(oriented_maps(BANK)(shipped(name)).double())), SHAPE
    )
    assert mean["wavelength"] > 0.75
    assert 0.3 < mean["orientation"] < 0.65
    assert mean["phase"] < 0.05


def test_energy_is_that_of_the_singular_values(coffee: Tensor):
    values = coffee.flatten(1).double().numpy()
    singular = np.linalg.svd(values - values.mean(1, keepdims=True), compute_uv=False)
    expected = np.concatenate([[0], np.cumsum(singular**2)]) / np.sum(singular**2)
    np.testing.assert_allclose(
        energy_kept(covariance(coffee.double())).numpy(), expected, atol=1e-9
    )


def test_what_is_not_kept_is_the_squared_error_of_the_best_decoder(coffee: Tensor):
    values = coffee.flatten(1).double().numpy()
    values = values - values.mean(1, keepdims=True)
    components = np.linalg.svd(values, full_matrices=False)[2]
    kept = energy_kept(covariance(coffee.double()))
    for k in (1, 7, 20):
        left = np.linalg.lstsq(components[:k].T, values.T, rcond=None)[1].sum()
        assert 1 - float(kept[k]) == pytest.approx(left / np.sum(values**2), abs=1e-9)


def test_a_constant_picture_has_nothing_to_lose():
    kept = energy_kept(covariance(torch.zeros(4, 3, 3).double()))
    assert kept.tolist() == [1.0] * 5
    assert numbers_for(kept, 0.99) == 0


def test_channels_with_nothing_in_common_keep_as_much_as_they_are():
    maps = torch.eye(8).sub(1 / 8)[:, None]  # eight channels, each of its own pixel
    kept = energy_kept(covariance(maps.double()))
    np.testing.assert_allclose(kept[:8].numpy(), np.arange(8) / 7, atol=1e-6)
    assert numbers_for(kept, 0.5) == 4


@pytest.mark.parametrize("share", [0.9, 0.95, 0.99])
def test_fewest_numbers_are_fewest(coffee: Tensor, share: float):
    kept = energy_kept(covariance(coffee.double()))
    k = numbers_for(kept, share)
    assert kept[k] >= share > kept[k - 1]
