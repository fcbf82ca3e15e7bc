"""Log-mean-exp over pixels against logsumexp of every window in double precision."""

from __future__ import annotations

from math import inf, log

import pytest
import torch
import torch.nn.functional as F
from hypothesis import assume, given
from hypothesis import strategies as st
from torch import Tensor

from viz.layers.log_mean_exp_pooling import (
    LARGEST_EXPONENT,
    LogMeanExpPool,
    log_mean_exp_pool,
    log_mean_exp_pool_shifted_once,
    reading_positions,
    shifts_once,
)

SIDES = st.integers(1, 12)
SIZES = st.integers(1, 5)
BETAS = (0.03, 1.0, 1.8, 10.0, 100.0, 1000.0, 1e6)


def signed(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def by_windows(x: Tensor, size: int, beta: float, stride: int, padding: int) -> Tensor:
    """Every window by itself, in double precision; what lies in the padding is −∞."""
    padded = F.pad(x.double(), [padding] * 4, value=-inf)
    windows = padded.unfold(-2, size, stride).unfold(-2, size, stride).flatten(-2)
    return ((beta * windows).logsumexp(-1) - windows.isfinite().sum(-1).log()) / beta


@given(
    SIZES, st.sampled_from(BETAS), st.integers(1, 4), st.integers(0, 2), SIDES, SIDES, st.booleans()
)
def test_equals_logsumexp_of_every_window(
    size: int, beta: float, stride: int, padding: int, height: int, width: int, batched: bool
):
    assume(padding <= size // 2 and min(height, width) + 2 * padding >= size)
    x = signed(*[2] * batched, 3, height, width)
    found = log_mean_exp_pool(x, size, beta, stride=stride, padding=padding)
    expected = by_windows(x, size, beta, stride, padding)
    # the exponents round to eps·β·|x − m|, the logarithm to eps·log n; both are divided by β
    bound = 2e-7 * (x.abs().max() + (1 + 2 * log(size)) / beta) * 2
    assert found.shape == expected.shape
    assert (found - expected).abs().max() <= bound


@given(
    SIZES, st.sampled_from((1.0, 10.0, 56.0, 1000.0)), st.integers(1, 4), st.integers(0, 2), SIDES
)
def test_the_module_equals_it_whether_or_not_one_shift_is_enough(
    size: int, beta: float, stride: int, padding: int, side: int
):
    assume(padding <= size // 2 and side + 2 * padding >= size)
    x = 5 + signed(3, side, side + 1)
    found = LogMeanExpPool(size, beta, stride=stride, padding=padding)(x)
    expected = by_windows(x, size, beta, stride, padding)
    bound = 4e-7 * (x.abs().max() + (1 + 2 * log(size)) / beta)
    assert (found - expected).abs().max() <= bound


def test_one_shift_is_enough_up_to_the_largest_exponent_and_then_no_more():
    x = torch.tensor([[[-1.0, 1.0, 0.0]]])
    assert shifts_once(x, LARGEST_EXPONENT)
    assert not shifts_once(x, 1.01 * LARGEST_EXPONENT)
    kept = log_mean_exp_pool_shifted_once(x, 1, LARGEST_EXPONENT)
    torch.testing.assert_close(kept, x, atol=1e-6, rtol=0)


def ends(x: Tensor, size: int, padding: int) -> tuple[Tensor, Tensor]:
    mean = F.avg_pool2d(x, size, 1, padding, count_include_pad=False)
    return mean, F.max_pool2d(x, size, 1, padding)


@pytest.mark.parametrize(("size", "padding"), [(2, 1), (3, 0), (4, 2), (5, 2)])
def test_it_grows_with_beta_from_the_mean_to_the_max(size: int, padding: int):
    x = signed(3, 9, 8).double()
    mean, largest = ends(x, size, padding)
    before = mean
    for beta in BETAS:
        found = log_mean_exp_pool(x, size, beta, padding=padding)
        assert (found >= before - 1e-12).all()
        assert (found <= largest + 1e-12).all()
        assert (largest - found <= 2 * log(size) / beta + 1e-12).all()  # Boyd, Vandenberghe
        before = found
    torch.testing.assert_close(before, largest, atol=1e-4, rtol=0)
    small = log_mean_exp_pool(x, size, 1e-6, padding=padding)
    torch.testing.assert_close(small, mean, atol=1e-5, rtol=0)


def test_nothing_overflows_and_nothing_vanishes():
    x = 1e4 * signed(1, 6, 6)
    found = log_mean_exp_pool(x, 3, 1000.0, padding=1)
    assert found.isfinite().all()
    torch.testing.assert_close(found, F.max_pool2d(x, 3, 1, 1), atol=1.0, rtol=0)
    constant = log_mean_exp_pool(torch.full((1, 5, 5), -3.0), 5, 10.0, padding=2)
    torch.testing.assert_close(constant, torch.full((1, 5, 5), -3.0), atol=1e-6, rtol=0)


@given(st.integers(1, 12), SIZES, st.integers(1, 4), st.integers(0, 2))
def test_positions_inside_the_map_are_counted(length: int, size: int, stride: int, padding: int):
    assume(padding <= size // 2 and length + 2 * padding >= size)
    ones = F.pad(torch.ones(1, length), (padding, padding)).unfold(-1, size, stride)
    assert torch.equal(reading_positions(length, size, stride, padding), ones.sum(-1)[0].long())


@pytest.mark.parametrize(
    ("size", "beta", "padding", "said"),
    [
        (3, 0.0, 0, "β must be above 0 and finite, not 0"),
        (3, inf, 0, "β must be above 0 and finite, not inf"),
        (5, 1.0, 0, r"a window of 5 px, padded by 0, does not fit \(1, 4, 9\)"),
        (3, 1.0, 3, r"a window of 3 px, padded by 3, does not fit \(1, 4, 9\)"),
    ],
)
def test_what_does_not_fit_is_refused(size: int, beta: float, padding: int, said: str):
    with pytest.raises(ValueError, match=said):
        log_mean_exp_pool(torch.zeros(1, 4, 9), size, beta, padding=padding)


def test_runs_on_every_device(device: torch.device):
    layer, x = LogMeanExpPool(3, 7.0, stride=2, padding=1), signed(2, 7, 9)
    torch.testing.assert_close(layer(x.to(device)).cpu(), layer(x), atol=1e-5, rtol=1e-5)
    assert layer(x.to("meta")).shape == layer(x).shape
