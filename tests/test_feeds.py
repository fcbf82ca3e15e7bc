"""Which kernels feed which maps, against what a change of one kernel does to the maps."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from typing import Any

import pytest
import torch
from hypothesis import given
from torch import Tensor, nn

from viz.feeds import MAX_LINKS, feeding, strongest_first
from viz.layers.branches import AppendDifference, Branches
from viz.layers.channel_shuffle import PermuteChannels, PickChannels, ShuffleChannels
from viz.layers.cross_channel_pooling import Maxout, PoolChannels, WinningChannel
from viz.layers.gabor import GaborBank, GaborParameters
from viz.layers.pointwise import Pointwise
from viz.lessons.lab import LESSON as lab
from viz.lessons.lab.setting import Setting
from viz.run.filters import filters

BANK = GaborBank(GaborParameters(2, 3, 8.0, 4.0, 9, 1.0))
SPARSE = torch.tensor([[0, 2.0, 0, 0, -1, 0], [0, 0, 0, 0, 0, 3], [0.0, 0, 0, 0, 0, 0]])


def reading_two_channels() -> nn.Linear:
    """Of 6 maps of 2×2 one number each of channels 1 and 4, into the first and the last output."""
    layer = nn.Linear(24, 3, bias=False).requires_grad_(False)
    layer.weight.data = torch.zeros(3, 24)
    layer.weight[0, 7], layer.weight[0, 16], layer.weight[2, 18] = 1.0, -0.01, 0.5
    return layer


LAYERS = {
    "rectified": [nn.ReLU()],
    "shuffled": [ShuffleChannels(3)],
    "in another order": [PermuteChannels((3, 1, 0, 5, 4, 2))],
    "largest of two": [PoolChannels(2)],
    "mean of three": [PoolChannels(3, "mean")],
    "winners": [WinningChannel(3)],
    "shuffled, then pooled": [ShuffleChannels(2), nn.ReLU(), PoolChannels(2)],
    "mixed": [nn.ReLU(), Pointwise(SPARSE)],
    "mixed in groups": [Pointwise(SPARSE[:2, 1:4], groups=2)],
    "pooled, then mixed": [PoolChannels(2), Pointwise(torch.tensor([[0.0, 1, 1], [1, 0, 0]]))],
    "mixed, then strided": [Pointwise(SPARSE, stride=2), nn.MaxPool2d(2)],
    "maxout": [Maxout(SPARSE.view(3, 1, 6)[[0, 1, 0, 2]].view(2, 2, 6))],
    "flattened, then linear": [nn.AvgPool2d(6), nn.Flatten(-3), reading_two_channels()],
    "a window of its own": [nn.Conv2d(6, 6, 3, groups=6)],
}


def differs(layers: nn.Module, maps: Tensor) -> Tensor:
    """Which maps change, `(maps, kernels)`, if the map of one kernel is another one."""
    before, columns = layers(maps), []
    for kernel in range(len(maps)):
        other = maps.clone()
        other[kernel] = torch.randn_like(other[kernel])
        columns.append((layers(other) != before).view(len(before), -1).any(1))
    return torch.stack(columns, 1)


@pytest.mark.parametrize("name", LAYERS)
def test_a_kernel_feeds_the_maps_that_change_with_it(name: str):
    layers = nn.Sequential(*LAYERS[name])
    strength = feeding([BANK, layers])
    assert torch.equal(strength > 0, differs(layers, torch.randn(6, 12, 12)))


@given(setting=...)
def test_in_the_lab_as_in_a_list_of_layers(setting: Setting):
    setting = replace(setting, bank="gabor", size_px=3, pointwise_recipe="random")
    setting = lab.outline(setting).setting
    chain = lab.network(setting, torch.rand(3, 16, 16))
    after_bank = chain[1:]
    maps = torch.randn(setting.orientations * setting.phases, 16, 16)
    expected = differs(after_bank, maps)
    assert torch.equal((feeding(chain) > 0) | ~expected, torch.ones_like(expected))


def test_most_weight_comes_first():
    assert strongest_first(feeding([BANK, Pointwise(SPARSE)])) == [[1, 4], [5], []]


def test_without_a_bank_nothing_feeds():
    assert feeding([nn.ReLU(), PoolChannels(3)]) is None


# ── In the filters panel ────────────────────────────────────────────────────────────────────────


def panel(stage: str, **changes: Any) -> tuple[list[list[int]], list[list[int]], int]:
    setting = Setting(orientations=2, phases=2, size_px=9, strided=False, **changes)
    found = filters(lab.network(setting, torch.rand(3, 20, 17)), stage)
    return list(found.feeds), list(found.input_feeds), len(found.stacks["kernels"])


def test_of_a_bank_and_behind_a_rectifier_each_map_has_its_kernel():
    each = [[0], [1], [2], [3]]
    assert panel("bank") == (each, [], 4)
    assert panel("rectifier") == (each, each, 4)


@pytest.mark.parametrize(
    ("over", "groups"), [("phases", [[0, 1], [2, 3]]), ("orientations", [[0, 2], [1, 3]])]
)
@pytest.mark.parametrize("changes", [{}, {"rectifier": "none", "pooling": "mean"}])
def test_a_pool_is_fed_by_its_group(over: str, groups: list[list[int]], changes: dict[str, str]):
    assert panel("pooling", pool_over=over, **changes) == (groups, [[0], [1], [2], [3]], 4)


def test_a_mixture_behind_a_rectifier_is_fed_through_its_columns():
    pooled = [[0, 1], [2, 3]]
    feeds, columns, kernels = panel("pointwise", pointwise_recipe="identity", pointwise_outputs=2)
    assert (feeds, columns, kernels) == (pooled, pooled, 4)


def test_in_a_linear_chain_each_map_has_its_effective_kernel():
    linear = {"rectifier": "none", "pooling": "none", "pointwise_outputs": 3}
    assert panel("pointwise", **linear) == ([[0], [1], [2]], [], 3)


def test_branches_with_a_matrix_each_show_the_bank_and_no_matrix():
    bank = GaborBank(GaborParameters(2, 2, 8.0, 4.0, 21, 1.0))
    rows, others = torch.eye(2, 4), torch.eye(4)[2:]
    apart = Branches({"first": Pointwise(rows), "second": Pointwise(others)})
    network = nn.Sequential(OrderedDict(bank=bank, relu=nn.ReLU(), module=apart))
    found = filters(network, "module")
    assert list(found.stacks) == ["kernels"]
    assert found.feeds == [[0], [1], [2], [3]]


def test_of_very_many_links_the_strongest_are_named():
    strength = torch.rand(64, 60)
    found = strongest_first(strength)
    assert sum(map(len, found)) <= MAX_LINKS
    for named, of_map in zip(found, strength, strict=True):
        left = of_map[[kernel for kernel in range(60) if kernel not in named]]
        assert of_map[named].min() >= left.max()


def test_branches_pass_their_own_kernels_on_and_a_difference_those_of_both():
    halves = Branches({"first": PickChannels((0, 1)), "second": PickChannels((2, 3))})
    found = feeding(
        [GaborBank(GaborParameters(2, 2, 8.0, 4.0, 21, 1.0)), halves, AppendDifference()]
    )
    assert found is not None
    assert strongest_first(found) == [[0], [1], [2], [3], [0, 2], [1, 3]]
