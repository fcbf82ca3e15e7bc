"""A fully connected layer as a convolution: the same numbers, from the same memory."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from viz.layers.fully_connected import as_conv, folded
from viz.layers.seeding import recipe_of, seeded
from viz.trace import cost, receptive_field

SIZES = st.integers(1, 5)


def layer(inputs: int, outputs: int, *, bias: bool = True) -> nn.Linear:
    made = nn.Linear(inputs, outputs, bias=bias).double()
    for seed, weight in enumerate(made.parameters()):
        weight.data = torch.randn(
            weight.shape, generator=torch.Generator().manual_seed(seed)
        ).double()
    return made


@given(SIZES, SIZES, SIZES, SIZES, st.booleans())
def test_equals_flatten_and_the_layer_on_one_map(channels, height, width, outputs, bias):
    linear = layer(channels * height * width, outputs, bias=bias)
    x = torch.rand(3, channels, height, width, dtype=torch.float64)
    convolved = as_conv(linear, (channels, height, width))(x)
    assert convolved.shape == (3, outputs, 1, 1)
    torch.testing.assert_close(convolved.flatten(1), linear(x.flatten(1)))


def test_on_a_larger_map_it_is_the_layer_at_every_position() -> None:
    linear = layer(2 * 3 * 4, 5)
    x = torch.rand(2, 6, 9, dtype=torch.float64)
    maps = as_conv(linear, (2, 3, 4))(x)
    assert maps.shape == (5, 4, 6)
    for row in range(4):
        for column in range(6):
            window = x[:, row : row + 3, column : column + 4]
            torch.testing.assert_close(maps[:, row, column], linear(window.flatten()))


def test_number_by_number() -> None:
    """kernel[o, c, i, j] = matrix[o, (c*H + i)*W + j], with a plain loop."""
    channels, height, width = 3, 2, 4
    matrix = torch.arange(2.0 * channels * height * width).view(2, -1)
    kernels = folded(matrix, (channels, height, width))
    for o in range(2):
        for c in range(channels):
            for i in range(height):
                for j in range(width):
                    assert kernels[o, c, i, j] == matrix[o, (c * height + i) * width + j]


def test_no_number_is_copied() -> None:
    linear = layer(12, 2)
    convolution = as_conv(linear, (3, 2, 2))
    assert convolution.weight.data_ptr() == linear.weight.data_ptr()
    assert convolution.bias.data_ptr() == linear.bias.data_ptr()


def test_a_recipe_goes_with_the_weights() -> None:
    linear = seeded(nn.Linear(12, 2), 5)
    assert recipe_of(as_conv(linear, (3, 2, 2))) is recipe_of(linear) is not None


def test_the_published_head_has_as_many_parameters_and_the_same_field() -> None:
    with torch.device("meta"):
        linear = nn.Linear(25088, 4096)
        convolution = as_conv(linear, (512, 7, 7))
        flat = nn.Sequential(nn.Flatten(), linear)
    for network in (flat, convolution):
        counts = cost(network, (512, 7, 7))
        assert (counts.parameters, counts.macs) == (102_764_544, 102_760_448)
        assert receptive_field(network, (512, 7, 7)).size == (7, 7)


@pytest.mark.parametrize("trained", [True, False])
def test_what_is_trained_stays_so(trained: bool) -> None:
    linear = layer(4, 2).requires_grad_(trained)
    assert all(each.requires_grad == trained for each in as_conv(linear, (1, 2, 2)).parameters())


def test_sizes_that_do_not_fit_are_named() -> None:
    with pytest.raises(ValueError, match=r"12 inputs does not read maps of \(3, 2, 3\)"):
        as_conv(layer(12, 2), (3, 2, 3))
    with pytest.raises(ValueError, match=r"\(2, 12\) does not read maps of \(5, 2, 2\)"):
        folded(torch.ones(2, 12), (5, 2, 2))
    with pytest.raises(ValueError, match=r"\(12,\) does not read"):
        folded(torch.ones(12), (3, 2, 2))
