"""The shuffle against torch's own and against its index formula."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from viz.layers.channel_shuffle import (
    PermuteChannels,
    PickChannels,
    ShuffleChannels,
    permute_channels,
    pick_channels,
    shuffle_channels,
)

COUNTS = st.integers(1, 8)


@given(st.integers(1, 3), COUNTS, COUNTS)
def test_equals_torch(batch, groups, each):
    x = torch.randn(batch, groups * each, 2, 3)
    assert torch.equal(shuffle_channels(x, groups), nn.ChannelShuffle(groups)(x))
    assert torch.equal(ShuffleChannels(groups)(x), nn.ChannelShuffle(groups)(x))


@given(COUNTS, COUNTS)
def test_by_the_formula_without_a_batch(groups, each):
    x = torch.arange(groups * each).view(-1, 1, 1)
    shuffled = shuffle_channels(x, groups).flatten().tolist()
    assert all(shuffled[k * groups + g] == g * each + k for g in range(groups) for k in range(each))


@given(COUNTS, COUNTS)
def test_shuffling_by_the_other_count_takes_it_back(groups, each):
    x = torch.randn(2, groups * each, 3, 3)
    assert torch.equal(shuffle_channels(shuffle_channels(x, groups), each), x)


@pytest.mark.parametrize("groups", [0, -2, 4])
def test_groups_that_do_not_divide_are_named(groups):
    with pytest.raises(ValueError, match=rf"6.* {groups}"):
        shuffle_channels(torch.zeros(6, 1, 1), groups)


def test_runs_on_every_device(device):
    x = torch.randn(6, 2, 2)
    assert torch.equal(shuffle_channels(x.to(device), 3).cpu(), shuffle_channels(x, 3))


def test_runs_where_there_are_no_numbers():
    assert shuffle_channels(torch.empty(5, 6, 2, 3, device="meta"), 2).shape == (5, 6, 2, 3)


@given(st.permutations(range(6)), st.sampled_from([(), (2,)]))
def test_any_order_by_the_formula(order, batch):
    x = torch.randn(*batch, 6, 2, 3)
    found = permute_channels(x, order)
    assert all(torch.equal(found[..., k, :, :], x[..., c, :, :]) for k, c in enumerate(order))
    assert torch.equal(PermuteChannels(order)(x), found)


@given(COUNTS, COUNTS)
def test_a_shuffle_is_one_of_the_orders(groups, each):
    order = [g * each + k for k in range(each) for g in range(groups)]
    x = torch.randn(groups * each, 2, 2)
    assert torch.equal(permute_channels(x, order), shuffle_channels(x, groups))


@pytest.mark.parametrize("order", [(0, 1), (0, 1, 2, 3), (0, 0, 1), (1, 2, 3), ()])
def test_what_is_no_order_is_refused_with_its_sizes(order):
    with pytest.raises(ValueError, match=r"\(3, 1, 1\)"):
        permute_channels(torch.zeros(3, 1, 1), order)


def test_an_order_needs_no_numbers(device, one_device):
    x = torch.randn(3, 2, 2)
    found = permute_channels(x.to(device), (2, 0, 1)).cpu()
    assert torch.equal(found, permute_channels(x, (2, 0, 1)))
    with one_device():
        assert permute_channels(torch.empty(2, 3, 1, 1, device="meta"), (2, 0, 1)).shape[1] == 3


@given(st.lists(st.integers(0, 5), min_size=1, max_size=8), st.sampled_from([(), (3,)]))
def test_picked_channels_are_copies(channels, batch):
    x = torch.randn(*batch, 6, 2, 3)
    found = pick_channels(x, channels)
    assert all(torch.equal(found[..., k, :, :], x[..., c, :, :]) for k, c in enumerate(channels))
    assert torch.equal(PickChannels(channels)(x), found)


@pytest.mark.parametrize("channels", [(), (3,), (-1, 0)])
def test_a_channel_that_is_not_there_cannot_be_picked(channels):
    with pytest.raises(ValueError, match=r"\(3, 1, 1\)"):
        pick_channels(torch.zeros(3, 1, 1), channels)
