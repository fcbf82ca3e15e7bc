"""Ways to a smaller map, each against another route to the same numbers."""

from __future__ import annotations

from math import ceil
from typing import Any

import numpy as np
import pytest
import scipy.ndimage
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn

from viz.layers.downsampling import (
    binomial_blur,
    binomial_kernel,
    binomial_window,
    low_pass_mixing,
    pooled_mixing,
    upsampled,
    window_of,
)
from viz.layers.pointwise import Pointwise
from viz.trace import cost

LENGTHS = st.integers(1, 20)
STRIDES = st.integers(1, 8)
MATRIX = torch.tensor([[0.5, -1.0, 2.0], [1.0, 0.0, 0.25]])


def drawn(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def ways(matrix: Tensor, stride: int) -> dict[str, nn.Module]:
    return {
        "strided": Pointwise(matrix, stride=stride),
        "low_pass": low_pass_mixing(matrix, stride),
        "max": pooled_mixing(matrix, stride, "max"),
        "average": pooled_mixing(matrix, stride, "average"),
    }


def mixed(maps: np.ndarray) -> np.ndarray:
    return np.tensordot(MATRIX.numpy(), maps, 1)


# ── Sizes ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("stride", range(1, 9))
def test_all_ways_give_one_size_whether_or_not_the_stride_divides(stride: int):
    for name, way in ways(MATRIX, stride).items():
        for height in range(1, 21):
            for width in (5, 8, height):
                shape = (2, ceil(height / stride), ceil(width / stride))
                assert way(torch.zeros(3, height, width)).shape == shape, name
                counts = cost(way, (3, height, width))  # and trace says so too
                weights = 6 * (9 if name == "low_pass" else 1)
                assert counts.parameters == weights
                assert counts.macs == weights * shape[1] * shape[2]


# ── The numbers ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("channels", [1, 2, 5])
def test_a_window_that_every_channel_shares_is_found(channels: int):
    found = window_of(binomial_window(channels))
    assert found is not None
    assert torch.equal(found, binomial_kernel())


def alike(layer: nn.Conv2d) -> nn.Conv2d:
    """The layer with the same number everywhere."""
    nn.init.ones_(layer.weight)
    return layer


ONE_ALONE = binomial_window(2)
with torch.no_grad():
    ONE_ALONE.weight[1, 0, 0, 0] += 1e-7


@pytest.mark.parametrize(
    "layer",
    [
        ONE_ALONE,
        nn.Conv2d(2, 2, 3, groups=2),  # it shifts, too
        nn.Conv2d(2, 4, 3, groups=2, bias=False),
        alike(nn.Conv2d(2, 4, 3, groups=2, bias=False)),  # twice as many maps come out
        alike(nn.Conv2d(4, 2, 3, groups=2, bias=False)),  # it mixes pairs of channels
        low_pass_mixing(torch.ones(2, 2), 2),  # all weights alike, but it mixes
        nn.AvgPool2d(3),
    ],
)
def test_what_no_window_serves_alone_has_none(layer: nn.Module):
    assert window_of(layer) is None


def test_the_binomial_kernel_passes_what_its_docstring_says():
    kernel = binomial_kernel().numpy()
    assert kernel.tolist() == [
        [1 / 16, 1 / 8, 1 / 16],
        [1 / 8, 1 / 4, 1 / 8],
        [1 / 16, 1 / 8, 1 / 16],
    ]
    response = np.abs(np.fft.fft2(kernel, (64, 64)))
    along = np.cos(np.pi * np.fft.fftfreq(64)) ** 2
    np.testing.assert_allclose(response, np.outer(along, along), atol=1e-7)


@given(LENGTHS, LENGTHS, st.integers(1, 4))
def test_the_window_against_scipy(height: int, width: int, channels: int):
    x = drawn(channels, height, width)
    expected = [
        scipy.ndimage.correlate(one, binomial_kernel().numpy(), mode="constant")
        for one in x.numpy()
    ]
    np.testing.assert_allclose(binomial_window(channels)(x).numpy(), expected, atol=1e-6)


@given(LENGTHS, LENGTHS, STRIDES)
def test_the_low_pass_against_scipy(height: int, width: int, stride: int):
    """Blur every map with repeated borders, keep every s-th pixel, then mix."""
    x = drawn(3, height, width)
    blurred = [
        scipy.ndimage.correlate(one, binomial_kernel().numpy(), mode="nearest") for one in x.numpy()
    ]
    expected = mixed(np.stack(blurred)[:, ::stride, ::stride])
    np.testing.assert_allclose(low_pass_mixing(MATRIX, stride)(x).numpy(), expected, atol=1e-5)


@given(LENGTHS, LENGTHS, STRIDES, st.sampled_from(["max", "average"]))
def test_pools_against_a_plain_loop(height: int, width: int, stride: int, pool: Any):
    x = drawn(3, height, width)
    of = {"max": np.max, "average": np.mean}[pool]
    blocks = [
        [
            of(x.numpy()[:, i : i + stride, j : j + stride], axis=(1, 2))
            for j in range(0, width, stride)
        ]
        for i in range(0, height, stride)
    ]
    expected = mixed(np.moveaxis(np.array(blocks), 2, 0))
    np.testing.assert_allclose(pooled_mixing(MATRIX, stride, pool)(x).numpy(), expected, atol=1e-5)


def swapped(way: nn.Sequential, x: Tensor) -> Tensor:
    """The 1×1 first, then the pool."""
    return way.get_submodule("pool")(way.get_submodule("mix")(x))


@given(LENGTHS, LENGTHS, STRIDES)
def test_an_average_pool_and_a_1x1_may_change_places(height: int, width: int, stride: int):
    x, way = drawn(3, height, width), pooled_mixing(MATRIX, stride, "average")
    torch.testing.assert_close(way(x), swapped(way, x), atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("stride", [2, 3, 8])
def test_a_max_pool_and_a_1x1_may_not(stride: int):
    x, way = drawn(3, 20, 17), pooled_mixing(MATRIX, stride, "max")
    assert (way(x) - swapped(way, x)).abs().mean() > 0.1


@pytest.mark.parametrize("pool", ["mean", "", "median"])
def test_other_pools_are_refused(pool: Any):
    with pytest.raises(ValueError, match="a pool is 'max' or 'average'"):
        pooled_mixing(MATRIX, 2, pool)


# ── Large again ─────────────────────────────────────────────────────────────────────────────────


@given(LENGTHS, LENGTHS, STRIDES, st.booleans())
def test_upsampling_against_numpy_along_one_axis_and_then_the_other(height, width, stride, centred):
    """numpy.interp repeats the outermost values too."""
    small = drawn(2, ceil(height / stride), ceil(width / stride))
    large = small.double().numpy()
    for axis, length in ((1, height), (2, width)):
        units = np.arange(large.shape[axis]) * stride + (stride - 1) / 2 * centred
        large = np.apply_along_axis(
            lambda line, units=units, length=length: np.interp(np.arange(length), units, line),
            axis,
            large,
        )
    found = upsampled(small, (height, width), stride, centred=centred)
    np.testing.assert_allclose(found.numpy(), large, atol=1e-5)


def ramp(height: int = 40, width: int = 48) -> Tensor:
    """A plane that rises by 2 a row and 3 a column."""
    return (2 * torch.arange(height)[:, None] + 3 * torch.arange(width)).float()[None]


@pytest.mark.parametrize("stride", [2, 3, 4, 5, 8])
@pytest.mark.parametrize("name", ["strided", "low_pass", "average", "max"])
def test_a_plane_comes_back_away_from_the_border(name: str, stride: int):
    """A max reads the upper corner of a rising block: it alone is off, by a constant."""
    plane = ramp()
    small = ways(torch.eye(1), stride)[name](plane)
    large = upsampled(small, (40, 48), stride, centred=name in ("average", "max"))
    inside = (large - plane)[:, stride : -2 * stride, stride : -2 * stride]
    too_high = (2 + 3) * (stride - 1) / 2 if name == "max" else 0
    np.testing.assert_allclose(inside.numpy(), too_high, atol=1e-3)


@pytest.mark.parametrize("stride", [2, 4])
def test_the_wrong_geometry_would_shift_the_plane(stride: int):
    plane = ramp()
    small = ways(torch.eye(1), stride)["strided"](plane)
    wrong = upsampled(small, (40, 48), stride, centred=True)
    inside = (wrong - plane)[:, stride : -2 * stride, stride : -2 * stride]
    np.testing.assert_allclose(inside.numpy(), -(2 + 3) * (stride - 1) / 2, atol=1e-3)


# ── Devices ─────────────────────────────────────────────────────────────────────────────────────


@given(height=LENGTHS, width=LENGTHS, stride=STRIDES)
def test_runs_where_there_are_no_numbers(height: int, width: int, stride: int, one_device):
    maps = torch.zeros(3, height, width, device="meta")
    for way in ways(MATRIX.to("meta"), stride).values():
        with one_device():
            small = way(maps)
            large = upsampled(small, (height, width), stride, centred=True)
        assert small.is_meta
        assert large.shape == (2, height, width)


def test_the_same_on_every_device(device: torch.device):
    x = drawn(3, 21, 18)
    for name, way in ways(MATRIX, 4).items():
        there = way.to(device)(x.to(device)).cpu()
        torch.testing.assert_close(there, way.to("cpu")(x), atol=1e-5, rtol=1e-5, msg=name)


@given(st.integers(1, 20), st.integers(1, 20), st.integers(1, 9))
def test_a_blur_of_any_dilation_equals_a_depthwise_convolution(height, width, dilation):
    x = torch.randn(2, height, width)
    kernels = binomial_kernel().expand(2, 1, 3, 3)
    slid = F.conv2d(x, kernels, padding=dilation, dilation=dilation, groups=2)
    torch.testing.assert_close(binomial_blur(x, dilation), slid, atol=1e-6, rtol=0)
