"""Pools over channels against torch's 3-D pools, loops and what is known to commute."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from viz.layers.channel_shuffle import shuffle_channels
from viz.layers.cross_channel_pooling import (
    Maxout,
    PoolChannels,
    PoolParts,
    WinningChannel,
    maxout,
    pool_channels,
    pool_parts,
    winning_channel,
)
from viz.layers.pointwise import mix_channels

BATCHES = st.sampled_from([(), (1,), (3,)])
SMALL = st.integers(1, 6)


def drawn(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


@given(BATCHES, SMALL, SMALL, SMALL, SMALL)
def test_equals_a_3d_pool(batch, groups, group, height, width):
    x = drawn(*batch, groups * group, height, width)
    volumes = x.view(-1, 1, *x.shape[-3:])
    window = (group, 1, 1)
    largest = F.max_pool3d(volumes, window).view(*batch, groups, height, width)
    mean = F.avg_pool3d(volumes, window).view(*batch, groups, height, width)
    assert torch.equal(pool_channels(x, group), largest)
    torch.testing.assert_close(pool_channels(x, group, mode="mean"), mean)


@given(SMALL, SMALL)
def test_equals_a_loop(groups, group):
    x = drawn(groups * group, 2, 3)
    ways: Any = (("max", max), ("mean", lambda values: sum(values) / len(values)))
    for mode, of in ways:
        pooled = pool_channels(x.double(), group, mode=mode)
        for g in range(groups):
            for i in range(2):
                for j in range(3):
                    values = [float(x[g * group + k, i, j]) for k in range(group)]
                    assert float(pooled[g, i, j]) == pytest.approx(of(values), abs=1e-12)


@given(BATCHES, SMALL, SMALL, SMALL, st.booleans())
def test_maxout_equals_a_loop(batch, units, pieces, channels, with_bias):
    x, weight = drawn(*batch, channels, 2, 3), drawn(units, pieces, channels)
    bias = drawn(units, pieces, seed=1) if with_bias else None
    found = maxout(x, weight, bias)
    assert found.shape == (*batch, units, 2, 3)
    for unit in range(units):
        affine = torch.stack(
            [
                torch.einsum("c,...chw->...hw", weight[unit, k], x)
                + (bias[unit, k] if bias is not None else 0)
                for k in range(pieces)
            ]
        )
        torch.testing.assert_close(found[..., unit, :, :], affine.amax(0), atol=1e-5, rtol=1e-5)


def test_maxout_by_hand():
    """Two units of two pieces over two channels at one pixel (1, 2)."""
    x = torch.tensor([1.0, 2.0]).view(2, 1, 1)
    weight = torch.tensor([[[1.0, 0.0], [0.0, 1.0]], [[-1.0, -1.0], [1.0, -1.0]]])
    bias = torch.tensor([[0.0, -3.0], [0.0, 0.5]])
    assert maxout(x, weight).flatten().tolist() == [2.0, -1.0]
    assert maxout(x, weight, bias).flatten().tolist() == [1.0, -0.5]


@given(SMALL, SMALL)
def test_maximum_and_relu_commute(groups, group):
    x = drawn(groups * group, 4, 4)
    assert torch.equal(pool_channels(x.relu(), group), pool_channels(x, group).relu())


def test_maximum_and_a_1x1_do_not_commute():
    """Channels 1 and −3 at one pixel: max then ×(−1) is −1, ×(−1) then max is 3."""
    x, turn = torch.tensor([1.0, -3.0]).view(2, 1, 1), torch.eye(2) * -1
    assert float(mix_channels(pool_channels(x, 2), torch.tensor([[-1.0]]))) == -1
    assert float(pool_channels(mix_channels(x, turn), 2)) == 3


@given(SMALL, SMALL)
def test_the_mean_is_a_1x1_and_so_commutes_with_one(groups, group):
    x = drawn(groups * group, 3, 3)
    blocks = torch.block_diag(*[torch.full((1, group), 1 / group)] * groups)
    torch.testing.assert_close(pool_channels(x, group, mode="mean"), mix_channels(x, blocks))


@given(SMALL, SMALL)
def test_over_the_other_index_after_a_shuffle(orientations, phases):
    """Channel o*phases + p: shuffled by orientation, consecutive ones share a phase."""
    x = drawn(orientations * phases, 2, 2)
    by_phase = pool_channels(shuffle_channels(x, orientations), orientations)
    assert torch.equal(by_phase, x.view(orientations, phases, 2, 2).amax(0))


@pytest.mark.parametrize("group", [0, -1, 4, 7])
def test_groups_that_do_not_divide_are_named(group):
    with pytest.raises(ValueError, match=rf"6.* {group}"):
        pool_channels(torch.zeros(6, 2, 2), group)


@pytest.mark.parametrize("pool", [pool_channels, winning_channel, shuffle_channels])
def test_what_are_no_maps_is_refused_with_its_sizes(pool):
    with pytest.raises(ValueError, match=r"\(4, 2\)"):
        pool(torch.zeros(4, 2), 2)


def test_another_mode_is_refused():
    with pytest.raises(ValueError, match="median"):
        pool_channels(torch.zeros(4, 2, 2), 2, mode="median")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("weight", "bias"),
    [((2, 3, 5), None), ((2, 4), None), ((2, 3, 4), (3, 2)), ((2, 3, 4), (6,)), ((2, 0, 4), None)],
)
def test_maxout_names_sizes_that_do_not_fit(weight, bias):
    bias = None if bias is None else torch.zeros(bias)
    with pytest.raises(ValueError, match=r"\d"):
        maxout(torch.zeros(4, 2, 2), torch.zeros(weight), bias)


@pytest.mark.parametrize("mode", ["max", "mean"])
def test_the_module_is_the_function(mode):
    x = drawn(2, 6, 3, 3)
    assert torch.equal(PoolChannels(3, mode)(x), pool_channels(x, 3, mode=mode))


def test_runs_on_every_device(device):
    x, weight = drawn(6, 4, 4), drawn(2, 3, 6)
    torch.testing.assert_close(pool_channels(x.to(device), 3).cpu(), pool_channels(x, 3))
    torch.testing.assert_close(maxout(x.to(device), weight.to(device)).cpu(), maxout(x, weight))


def test_runs_where_there_are_no_numbers(one_device):
    x, weight = torch.empty(5, 6, 4, 4, device="meta"), torch.empty(2, 3, 6, device="meta")
    with one_device():
        assert pool_channels(x, 3).shape == (5, 2, 4, 4)
        assert maxout(x, weight, weight[..., 0]).shape == (5, 2, 4, 4)


# ── The winner, and maxout as a module ──────────────────────────────────────────────────────────


@given(BATCHES, SMALL, SMALL)
def test_the_winner_is_where_the_max_is(batch, groups, group):
    x = drawn(*batch, groups * group, 3, 4)
    winner = winning_channel(x, group)
    assert winner.shape == (*batch, groups, 3, 4)
    assert winner.dtype == x.dtype
    by_numpy = x.numpy().reshape(*batch, groups, group, 3, 4).argmax(-3)
    np.testing.assert_array_equal(winner.numpy(), by_numpy)
    assert torch.equal(WinningChannel(group)(x), winner)


@given(st.lists(st.integers(0, 2), min_size=6, max_size=6))
def test_the_first_of_equals_wins(values):
    x = torch.tensor(values, dtype=torch.float32).view(6, 1, 1)
    expected = [values[g : g + 3].index(max(values[g : g + 3])) for g in (0, 3)]
    assert winning_channel(x, 3).flatten().tolist() == expected


@given(BATCHES, SMALL, SMALL, SMALL, st.booleans())
def test_the_maxout_module_is_the_function(batch, units, pieces, channels, with_bias):
    x, weight = drawn(*batch, channels, 2, 3), drawn(units, pieces, channels)
    bias = drawn(units, pieces, seed=1) if with_bias else None
    layer = Maxout(weight, bias)
    assert torch.equal(
        layer(x), maxout(x, weight, torch.zeros(units, pieces) if bias is None else bias)
    )
    assert (layer.units, layer.pieces, layer.channels) == (units, pieces, channels)
    assert sum(each.numel() for each in layer.parameters()) == units * pieces * (channels + 1)
    rows = layer.matrix.unflatten(0, (units, pieces))
    assert torch.equal(rows, weight)


@given(SMALL, SMALL)
def test_maxout_of_pieces_that_pick_one_channel_is_the_group_max(groups, group):
    x = drawn(groups * group, 3, 3)
    picks = torch.eye(groups * group).unflatten(0, (groups, group))
    assert torch.equal(Maxout(picks)(x), pool_channels(x, group))


def test_winner_and_maxout_need_no_numbers(device, one_device):
    x, weight = drawn(6, 4, 4), drawn(2, 3, 6)
    layer = Maxout(weight).to(device)
    torch.testing.assert_close(layer(x.to(device)).cpu(), maxout(x, weight))
    assert torch.equal(winning_channel(x.to(device), 3).cpu(), winning_channel(x, 3))
    x = torch.empty(5, 6, 4, 4, device="meta")
    with one_device():
        assert winning_channel(x, 3).shape == (5, 2, 4, 4)
        assert layer.to("meta")(x).shape == (5, 2, 4, 4)


@pytest.mark.parametrize("mode", ["max", "mean"])
@given(BATCHES, SMALL, st.integers(0, 6))
def test_as_equal_groups_as_possible_are_those_of_tensor_split(mode, batch, parts, more):
    x = drawn(*batch, parts + more, 2, 3)
    groups = x.tensor_split(parts, dim=-3)
    wanted = [each.amax(-3) if mode == "max" else each.mean(-3) for each in groups]
    torch.testing.assert_close(pool_parts(x, parts, mode=mode), torch.stack(wanted, -3))
    layer = PoolParts(parts, mode)
    assert torch.equal(layer(x), pool_parts(x, parts, mode=mode))
    numbers = [list(layer.group(part, parts + more)) for part in range(parts)]
    assert numbers == [each.tolist() for each in torch.arange(parts + more).tensor_split(parts)]


@pytest.mark.parametrize("parts", [0, 5])
def test_more_groups_than_channels_are_refused(parts):
    with pytest.raises(ValueError, match=rf"\(4, 2, 2\).*{parts} groups"):
        pool_parts(torch.zeros(4, 2, 2), parts)


def test_maxout_of_no_pixels_is_no_pixels():
    weight, bias = torch.ones(2, 3, 4), torch.ones(2, 3)
    assert maxout(torch.ones(4, 1, 0), weight, bias).shape == (2, 1, 0)
