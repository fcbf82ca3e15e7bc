"""The shuffle against torch's own and against its index formula."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from viz.layers.channel_shuffle import ShuffleChannels, shuffle_channels

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
