"""The 1×1 convolution against every other way to the same numbers."""

from __future__ import annotations

from math import ceil

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn

from viz.layers.pointwise import Pointwise, mix_channels, mix_groups
from viz.trace import cost

BATCHES = st.sampled_from([(), (1,), (3,)])
SMALL = st.integers(1, 9)


def drawn(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def by_loop(x: np.ndarray, weight: np.ndarray, bias: np.ndarray, stride: int) -> np.ndarray:
    """One picture, pixel after pixel, in double precision."""
    rows = range(0, x.shape[1], stride)
    columns = range(0, x.shape[2], stride)
    out = np.zeros((len(weight), len(rows), len(columns)))
    for o in range(len(weight)):
        for i, row in enumerate(rows):
            for j, column in enumerate(columns):
                out[o, i, j] = bias[o]
                for c in range(len(x)):
                    out[o, i, j] += weight[o, c] * x[c, row, column]
    return out


@given(BATCHES, SMALL, SMALL, SMALL, SMALL, st.integers(1, 8), st.booleans())
def test_equals_conv2d(batch, channels, outputs, height, width, stride, with_bias):
    x, weight = drawn(*batch, channels, height, width), drawn(outputs, channels, seed=1)
    bias = drawn(outputs, seed=2) if with_bias else None
    ours = mix_channels(x, weight, bias, stride=stride)
    theirs = F.conv2d(x, weight[:, :, None, None], bias, stride=stride)
    assert ours.shape == theirs.shape
    torch.testing.assert_close(ours, theirs, atol=1e-5, rtol=1e-5)
    assert ours.shape[-2:] == ((height - 1) // stride + 1, (width - 1) // stride + 1)
    assert ours.shape[-2:] == (ceil(height / stride), ceil(width / stride))


@given(SMALL, SMALL, st.integers(1, 5), st.integers(1, 5), st.integers(1, 8))
def test_equals_a_plain_loop(channels, outputs, height, width, stride):
    shapes = ((channels, height, width), (outputs, channels), (outputs,))
    x, weight, bias = (drawn(*shape).double() for shape in shapes)
    ours = mix_channels(x, weight, bias, stride=stride).numpy()
    theirs = by_loop(x.numpy(), weight.numpy(), bias.numpy(), stride)
    np.testing.assert_allclose(ours, theirs, atol=1e-12)


@given(BATCHES, SMALL, SMALL, SMALL, SMALL)
def test_equals_a_linear_layer_at_every_pixel(batch, channels, outputs, height, width):
    linear = nn.Linear(channels, outputs)
    x = drawn(*batch, channels, height, width)
    ours = mix_channels(x, linear.weight, linear.bias)
    torch.testing.assert_close(ours, linear(x.movedim(-3, -1)).movedim(-1, -3))


@given(BATCHES, SMALL, SMALL)
def test_equals_einsum(batch, channels, outputs):
    x, weight = drawn(*batch, channels, 4, 5), drawn(outputs, channels)
    torch.testing.assert_close(
        mix_channels(x, weight), torch.einsum("oc,...chw->...ohw", weight, x)
    )


@given(BATCHES, SMALL, SMALL, st.integers(1, 8))
def test_a_stride_is_subsampling_then_a_1x1_exactly(batch, height, width, stride):
    x, weight = drawn(*batch, 5, height, width), drawn(4, 5)
    strided = mix_channels(x, weight, stride=stride)
    assert torch.equal(strided, mix_channels(x[..., ::stride, ::stride], weight))


def test_what_a_stride_skips_is_never_read():
    x, weight = drawn(2, 7, 7), drawn(3, 2)
    spoiled = torch.full_like(x, torch.nan)
    spoiled[:, ::3, ::3] = x[:, ::3, ::3]
    assert torch.equal(mix_channels(spoiled, weight, stride=3), mix_channels(x, weight, stride=3))


def test_by_hand():
    x = torch.tensor([[[1.0, 2.0, 3.0]], [[10.0, 20.0, 30.0]]])
    weight, bias = torch.tensor([[1.0, -0.5]]), torch.tensor([100.0])
    assert mix_channels(x, weight, bias).tolist() == [[[96.0, 92.0, 88.0]]]
    assert mix_channels(x, weight, bias, stride=2).tolist() == [[[96.0, 88.0]]]


@pytest.mark.parametrize(
    ("x", "weight", "bias", "names"),
    [
        ((3, 4, 5), (2, 4), None, ["(2, 4)", "(3, 4, 5)"]),
        ((3, 4, 5), (2, 3, 1, 1), None, ["(2, 3, 1, 1)"]),
        ((4, 5), (2, 4), None, ["(4, 5)"]),
        ((7, 3, 4, 5), (2, 7), None, ["(7, 3, 4, 5)"]),
        ((3, 4, 5), (2, 3), (3,), ["(2, 3)", "(3,)"]),
        ((3, 4, 5), (2, 3), (1,), ["(1,)"]),
        ((3, 4, 5), (1, 3), (2,), ["(2,)"]),
    ],
)
def test_wrong_sizes_are_named(x, weight, bias, names):
    bias = None if bias is None else torch.zeros(bias)
    with pytest.raises(ValueError, match=r"bias|matrix") as raised:
        mix_channels(torch.zeros(x), torch.zeros(weight), bias)
    assert all(name in str(raised.value) for name in names)


@pytest.mark.parametrize("stride", [0, -1])
def test_a_stride_below_one_is_refused(stride):
    with pytest.raises(ValueError, match="step"):
        mix_channels(torch.zeros(1, 4, 4), torch.ones(1, 1), stride=stride)


@given(BATCHES, SMALL, SMALL, st.integers(1, 8), st.booleans())
def test_the_module_is_the_function_and_the_layer_it_says_it_is(
    batch, channels, outputs, stride, with_bias
):
    x, weight = drawn(*batch, channels, 6, 7), drawn(outputs, channels)
    bias = drawn(outputs, seed=1) if with_bias else None
    layer = Pointwise(weight, bias, stride=stride)
    assert torch.equal(layer(x), mix_channels(x, weight, bias, stride=stride))
    assert torch.equal(layer.matrix, weight)
    twin = nn.Conv2d(channels, outputs, 1, stride=stride, bias=with_bias)
    twin.load_state_dict(layer.state_dict())
    torch.testing.assert_close(layer(x), twin(x), atol=1e-5, rtol=1e-5)
    assert layer.extra_repr() == twin.extra_repr()


def test_counts_by_hand():
    """3 → 8 channels on 5×7 pixels, every second one read: 3×4 outputs of 8 channels, 3 MACs each."""
    counts = cost(Pointwise(torch.zeros(8, 3), torch.zeros(8), stride=2), (3, 5, 7))
    assert (counts.parameters, counts.macs, counts.activation_bytes) == (
        8 * 3 + 8,
        3 * 4 * 8 * 3,
        3 * 4 * 8 * 4,
    )


def test_runs_on_every_device(device):
    x, weight, bias = drawn(5, 9, 9), drawn(4, 5), drawn(4)
    there = mix_channels(x.to(device), weight.to(device), bias.to(device), stride=2)
    assert there.device.type == device.type
    torch.testing.assert_close(there.cpu(), mix_channels(x, weight, bias, stride=2))


def test_runs_where_there_are_no_numbers(one_device):
    layer = Pointwise(torch.zeros(8, 3), torch.zeros(8), stride=2).to("meta")
    with one_device():
        assert layer(torch.empty(2, 3, 9, 9, device="meta")).shape == (2, 8, 5, 5)


# ── Groups ──────────────────────────────────────────────────────────────────────────────────────


@given(BATCHES, st.integers(1, 5), SMALL, SMALL, SMALL, SMALL, st.integers(1, 4), st.booleans())
def test_groups_equal_conv2d(batch, groups, wide, tall, height, width, stride, with_bias):
    x, weight = drawn(*batch, groups * wide, height, width), drawn(groups * tall, wide, seed=1)
    bias = drawn(groups * tall, seed=2) if with_bias else None
    ours = mix_groups(x, weight, groups, bias, stride=stride)
    theirs = F.conv2d(x, weight[:, :, None, None], bias, stride=stride, groups=groups)
    assert ours.shape == theirs.shape
    torch.testing.assert_close(ours, theirs, atol=1e-5, rtol=1e-5)


@given(st.integers(1, 5), SMALL, SMALL)
def test_groups_equal_separate_layers_side_by_side(groups, wide, tall):
    x, weight = drawn(groups * wide, 4, 5), drawn(groups * tall, wide)
    parts = [
        mix_channels(*pair) for pair in zip(x.chunk(groups), weight.chunk(groups), strict=True)
    ]
    torch.testing.assert_close(mix_groups(x, weight, groups), torch.cat(parts))


@given(st.integers(1, 5), SMALL, SMALL, st.integers(1, 4), st.booleans())
def test_a_grouped_module_is_the_layer_it_says_it_is(groups, wide, tall, stride, with_bias):
    x, weight = drawn(groups * wide, 6, 7), drawn(groups * tall, wide)
    bias = drawn(groups * tall, seed=1) if with_bias else None
    layer = Pointwise(weight, bias, stride=stride, groups=groups)
    settings = {"stride": stride, "groups": groups, "bias": with_bias}
    twin = nn.Conv2d(groups * wide, groups * tall, 1, **settings)
    twin.load_state_dict(layer.state_dict())
    torch.testing.assert_close(layer(x), twin(x), atol=1e-5, rtol=1e-5)
    assert layer.extra_repr() == twin.extra_repr()
    assert torch.equal(layer.rows, weight)
    dense = mix_channels(x, layer.matrix, bias, stride=stride)
    torch.testing.assert_close(layer(x), dense, atol=1e-5, rtol=1e-5)


@given(st.integers(1, 5), SMALL, SMALL)
def test_the_matrix_of_groups_is_zero_outside_its_blocks(groups, wide, tall):
    weight = drawn(groups * tall, wide)
    matrix = Pointwise(weight, groups=groups).matrix
    assert matrix.shape == (groups * tall, groups * wide)
    for o in range(groups * tall):
        for c in range(groups * wide):
            same = o // tall == c // wide
            assert float(matrix[o, c]) == (float(weight[o, c % wide]) if same else 0)


def test_one_group_is_dense_and_as_many_as_channels_is_depthwise():
    x, weight = drawn(4, 3, 3), drawn(6, 4)
    torch.testing.assert_close(mix_groups(x, weight, 1), mix_channels(x, weight))
    scale = torch.tensor([2.0, -1.0, 0.0, 0.5])
    assert torch.equal(mix_groups(x, scale[:, None], 4), scale.view(4, 1, 1) * x)


def test_a_group_never_reads_another_one():
    x, weight = drawn(6, 4, 4), drawn(4, 3)
    spoiled = x.clone()
    spoiled[3:] = torch.nan
    assert torch.equal(mix_groups(spoiled, weight, 2)[:2], mix_groups(x, weight, 2)[:2])


@pytest.mark.parametrize(
    ("x", "weight", "groups", "bias", "names"),
    [
        ((4, 2, 2), (2, 4), 2, None, ["(2, 4)", "2 groups", "(4, 2, 2)"]),
        ((4, 2, 2), (3, 2), 2, None, ["(3, 2)", "2 groups"]),
        ((5, 2, 2), (2, 2), 2, None, ["(5, 2, 2)"]),
        ((4, 2, 2), (2, 2), 0, None, ["0 groups"]),
        ((4, 2), (2, 2), 2, None, ["(4, 2)"]),
        ((4, 2, 2), (2, 2), 2, (4,), ["(2, 2)", "(4,)"]),
    ],
)
def test_groups_of_wrong_sizes_are_named(x, weight, groups, bias, names):
    bias = None if bias is None else torch.zeros(bias)
    with pytest.raises(ValueError, match=r"bias|matrix") as raised:
        mix_groups(torch.zeros(x), torch.zeros(weight), groups, bias)
    assert all(name in str(raised.value) for name in names)


def test_rows_that_do_not_divide_are_refused_by_the_module():
    with pytest.raises(ValueError, match="divisible by groups"):
        Pointwise(torch.zeros(3, 2), groups=2)


@pytest.mark.parametrize("groups", [1, 2, 4, 8])
def test_counts_of_groups_by_hand(groups):
    """8 → 16 channels on 5×7 pixels: an output reads 8 / groups channels."""
    counts = cost(
        Pointwise(torch.zeros(16, 8 // groups), torch.zeros(16), groups=groups), (8, 5, 7)
    )
    assert counts.parameters == 16 * 8 // groups + 16
    assert counts.macs == 5 * 7 * 16 * 8 // groups
    assert counts.activation_bytes == 4 * 16 * 5 * 7


def test_groups_run_on_every_device(device):
    x, weight, bias = drawn(6, 9, 9), drawn(4, 3), drawn(4)
    there = mix_groups(x.to(device), weight.to(device), 2, bias.to(device), stride=2)
    assert there.device.type == device.type
    torch.testing.assert_close(there.cpu(), mix_groups(x, weight, 2, bias, stride=2))


def test_groups_run_where_there_are_no_numbers(one_device):
    layer = Pointwise(torch.zeros(8, 3), torch.zeros(8), stride=2, groups=2).to("meta")
    with one_device():
        assert layer(torch.empty(2, 6, 9, 9, device="meta")).shape == (2, 8, 5, 5)
        assert layer.matrix.shape == (8, 6)
