"""Correlation through spectra against `F.conv2d`, on the CPU that has no fast code for it.

The border is mirrored by numpy, which mirrors again where the border is wider than the map.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from viz.layers import correlation
from viz.layers.correlation import (
    SPECTRAL_FROM_PX,
    SPECTRAL_ON_GPU_FROM_PX,
    correlate,
    correlate_spectra,
    fast_length,
)

SIDES = st.integers(1, 40)
BATCHES = st.sampled_from([(), (1,), (2,)])


def mirrored(x: Tensor, margin: int) -> Tensor:
    edges = [*[(0, 0)] * (x.ndim - 2), (margin, margin), (margin, margin)]
    return torch.from_numpy(np.pad(x.numpy(), edges, mode="reflect"))


def slid_over(x: Tensor, kernels: Tensor) -> Tensor:
    """The maps in double precision, with the border mirrored first."""
    return F.conv2d(mirrored(x, kernels.shape[-1] // 2).double(), kernels[:, None].double())


@given(st.sampled_from([1, 3, 7, 9, 21, 63]), BATCHES, SIDES, SIDES, st.integers(1, 7))
def test_both_methods_equal_conv2d(size_px, batch, height, width, together):
    """Below and above the size from which spectra are used; odd, tiny and batched maps."""
    x, kernels = torch.rand(*batch, 1, height, width), torch.randn(5, size_px, size_px)
    slid = slid_over(x, kernels)
    bound = 1e-6 * float(kernels.abs().sum((1, 2)).max())
    for ours in (correlate(x, kernels), correlate_spectra(x, kernels, together)):
        assert ours.shape == slid.shape == (*batch, 5, height, width)
        torch.testing.assert_close(ours.double(), slid, atol=bound, rtol=0)


@pytest.mark.parametrize(
    ("on", "from_px"), [("cpu", SPECTRAL_FROM_PX), ("meta", SPECTRAL_ON_GPU_FROM_PX)]
)
def test_spectra_are_used_from_their_size_on(on, from_px, monkeypatch):
    """A GPU has its own, for it needs time to learn every new length of a transform."""
    used = []
    monkeypatch.setattr(correlation, "correlate_spectra", lambda *given: used.append(given))
    x = torch.rand(1, 9, 9, device=on)
    correlate(x, torch.rand(2, from_px - 2, from_px - 2, device=on))
    assert used == []
    correlate(x, torch.rand(2, from_px, from_px, device=on))
    assert len(used) == 1


@pytest.mark.parametrize("size_px", [7, 9, 39, 41, 63])
def test_every_device_gives_the_same(size_px, device):
    x, kernels = torch.rand(1, 70, 50), torch.randn(5, size_px, size_px)
    slid = slid_over(x, kernels)
    found = correlate(x.to(device), kernels.to(device))
    bound = 1e-6 * float(kernels.abs().sum((1, 2)).max())
    torch.testing.assert_close(found.cpu().double(), slid, atol=bound, rtol=0)


def test_no_more_spectra_are_held_than_a_cache_takes(monkeypatch):
    """Of maps that fill the cache alone one kernel after the other."""
    held = []
    monkeypatch.setattr(correlation, "correlate_spectra", lambda x, kernels, n: held.append(n))
    for side in (64, 256, 1024):
        correlate(torch.rand(1, side, side), torch.rand(99, 9, 9))
    assert held == [64, 4, 1]


def test_double_precision_stays_double():
    x, kernels = torch.rand(1, 40, 40).double(), torch.rand(3, 31, 31).double()
    torch.testing.assert_close(correlate(x, kernels), slid_over(x, kernels), atol=1e-11, rtol=0)


def test_a_gradient_is_the_kernel():
    kernels, x = torch.rand(3, 31, 31), torch.rand(1, 40, 40, requires_grad=True)
    correlate(x, kernels)[1, 20, 20].backward()
    torch.testing.assert_close(x.grad[0, 5:36, 5:36], kernels[1], atol=1e-5, rtol=0)


def test_more_than_one_channel_is_refused():
    with pytest.raises(ValueError, match=r"\(2, 9, 9\)"):
        correlate(torch.zeros(2, 9, 9), torch.zeros(3, 3, 3))


@given(st.integers(1, 3000), st.sampled_from([1, 4, 8]))
def test_fast_lengths_have_small_factors_and_are_near(length, multiple):
    found = fast_length(length, multiple)
    powers = product([2**a for a in range(13)], [3**b for b in range(9)], [1, 5, 25, 125, 625])
    smooth = [p * q * r * 7**d for p, q, r in powers for d in range(5)]
    assert found == min(n for n in smooth if n >= length and n % multiple == 0)
