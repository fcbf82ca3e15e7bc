"""Effective kernels against the maps of the network they stand for, away from the border and at it."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from torch import Tensor, nn

from viz import kernels
from viz.kernels import NotLinear, effective_kernels
from viz.layers.activation import Square
from viz.layers.channel_shuffle import ShuffleChannels
from viz.layers.cross_channel_pooling import PoolChannels
from viz.layers.gabor import GaborBank, GaborParameters
from viz.layers.pointwise import Pointwise
from viz.lessons.lab import LESSON as lab
from viz.lessons.lab.setting import Setting
from viz.run.filters import filters

LUMINANCE = torch.tensor([0.2126, 0.7152, 0.0722])
LINEAR = Setting(rectifier="none", pooling="mean", pointwise_recipe="random", size_px=9)


def luminance(pixels: Tensor) -> Tensor:
    return torch.einsum("c,chw->hw", LUMINANCE, pixels)[None]


def through_kernels(setting: Setting, pixels: Tensor) -> tuple[Tensor, Tensor]:
    """The network's maps, and one convolution of the luminance by the effective kernels."""
    chain = lab.network(setting, pixels)
    found = effective_kernels(chain)
    stride = setting.stride if setting.strided else 1
    mirrored = F.pad(luminance(pixels), [found.shape[-1] // 2] * 4, mode="reflect")
    return chain(pixels), F.conv2d(mirrored, found[:, None], stride=stride)


@given(...)
def test_one_kernel_stands_for_the_whole_linear_chain(setting: Setting):
    """The mirrored border is the bank's own, so the border agrees as the middle does."""
    setting = replace(
        setting,
        bank="gabor",
        rectifier="none",
        pooling="none" if setting.pooling == "none" else "mean",
        pointwise_relu=False,
    )
    maps, once = through_kernels(setting, torch.rand(3, 40, 37))
    assert maps.shape == once.shape
    bound = 1e-4 * max(1.0, float(maps.abs().max()))
    torch.testing.assert_close(maps, once, atol=bound, rtol=0)


@pytest.mark.parametrize("over", ["phases", "orientations", "channels"])
@pytest.mark.parametrize("stride", [1, 3])
def test_means_of_every_kind_and_strides(over, stride):
    setting = replace(LINEAR, pool_over=over, group=2, stride=stride, strided_recipe="random")
    maps, once = through_kernels(setting, torch.rand(3, 20, 17))
    torch.testing.assert_close(maps, once, atol=2e-5, rtol=0)


def test_the_bank_alone_has_its_own_kernels():
    setting = replace(LINEAR, pooling="none", pointwise=False, strided=False)
    chain = lab.network(setting, torch.rand(3, 8, 8))
    assert torch.equal(effective_kernels(chain), chain.get_submodule("bank.gabor").weight[:, 0])
    assert torch.equal(kernels.bank_kernels(chain), effective_kernels(chain))


def test_opposite_phases_cancel_by_hand():
    """0° and 180° sum to nothing: the mean over four phases of a linear bank is zero."""
    setting = replace(LINEAR, pool_over="phases", pointwise=False, strided=False)
    found = effective_kernels(lab.network(setting, torch.rand(3, 8, 8)))
    torch.testing.assert_close(found, torch.zeros_like(found), atol=1e-7, rtol=0)


def test_a_bias_is_no_part_of_a_kernel():
    bank = GaborBank(GaborParameters(2, 1, 8.0, 4.0, 9, 1.0))
    mixed = Pointwise(torch.tensor([[1.0, 2.0]]), torch.tensor([5.0]))
    expected = bank.weight[0, 0] + 2 * bank.weight[1, 0]
    torch.testing.assert_close(effective_kernels([bank, mixed])[0], expected)


def test_without_a_bank_there_are_no_kernels():
    chain = lab.network(Setting(bank="rgb"), torch.rand(3, 8, 8))
    assert effective_kernels(chain) is None
    assert kernels.bank_kernels(chain) is None


@pytest.mark.parametrize(
    ("layer", "kind"),
    [(nn.ReLU(), "ReLU"), (Square(), "Square"), (PoolChannels(2, "max"), "max")],
)
def test_the_first_layer_that_is_not_linear_is_named(layer, kind):
    bank = GaborBank(GaborParameters(2, 1, 8.0, 4.0, 9, 1.0))
    for stages in ([bank, layer], [nn.Sequential(bank, layer, Square())]):
        with pytest.raises(NotLinear, match=kind) as raised:
            effective_kernels(stages)
        assert raised.value.kind == kind


def test_what_stands_before_the_bank_does_not_matter():
    bank = GaborBank(GaborParameters(2, 1, 8.0, 4.0, 9, 1.0))
    assert torch.equal(effective_kernels([nn.ReLU(), bank]), bank.weight[:, 0])


def test_a_maximum_over_one_and_a_shuffle_are_linear():
    bank = GaborBank(GaborParameters(2, 2, 8.0, 4.0, 9, 1.0))
    found = effective_kernels([bank, ShuffleChannels(2), PoolChannels(1, "max"), nn.Identity()])
    assert torch.equal(found, bank.weight[[0, 2, 1, 3], 0])


@pytest.mark.parametrize("groups", [1, 2, 4])
def test_groups_mix_their_own_kernels(groups):
    """Against one convolution by the effective kernels, and against the blocks one by one."""
    bank = GaborBank(GaborParameters(2, 2, 8.0, 4.0, 9, 1.0))
    mixed = Pointwise(torch.randn(8, 4 // groups), groups=groups)
    chain = nn.Sequential(bank, mixed, ShuffleChannels(groups))
    found = effective_kernels(chain)
    pixels = torch.rand(1, 20, 17)
    once = F.conv2d(F.pad(pixels, [4] * 4, mode="reflect"), found[:, None])
    torch.testing.assert_close(chain(pixels), once, atol=2e-5, rtol=0)
    tall, wide = 8 // groups, 4 // groups
    for channel, kernel in enumerate(found):
        o = channel % groups * tall + channel // groups  # before the shuffle
        own = bank.weight[o // tall * wide : (o // tall + 1) * wide, 0]
        torch.testing.assert_close(kernel, torch.tensordot(mixed.rows[o], own, 1))


def test_groups_mix_kernels_where_there_are_no_numbers(one_device):
    bank = GaborBank(GaborParameters(2, 2, 8.0, 4.0, 9, 1.0)).to("meta")
    with one_device():
        assert effective_kernels([bank, Pointwise(torch.ones(8, 2), groups=2)]).shape == (8, 9, 9)


def test_runs_where_there_are_no_numbers(one_device):
    chain = lab.network(LINEAR, torch.rand(3, 8, 8)).to("meta")
    with one_device():
        assert effective_kernels(chain).shape == (4, 9, 9)


def test_a_bank_that_has_gone_to_a_device_meets_matrices_that_have_not(one_device):
    """Principal components are found by running the stages before them, wherever that is done."""
    chain = lab.network(LINEAR, torch.rand(3, 8, 8))
    chain.get_submodule("bank").to("meta")
    with one_device():
        assert effective_kernels(chain).shape == (4, 9, 9)


# ── What the filters panel shows of it ──────────────────────────────────────────────────────────


def shown(stage: str, **changes) -> tuple[dict[str, Tensor], str]:
    pixels = torch.rand(3, 20, 17)
    found = filters(lab.network(replace(LINEAR, **changes), pixels), stage)
    return found.stacks, str(found.note or "")


def test_a_mixed_channel_shows_kernel_and_weights():
    stacks, note = shown("pointwise")
    assert (list(stacks), note) == (["kernels", "matrix"], "")
    assert stacks["matrix"].shape == (1, 4, 4)


def test_a_rectifier_behind_the_mixing_leaves_its_kernels():
    """ReLU after the 1×1 is not before it."""
    stacks, note = shown("pointwise", pointwise_relu=True)
    plain, _ = shown("pointwise")
    assert note == ""
    assert torch.equal(stacks["kernels"], plain["kernels"])


def test_a_rectifier_before_the_mixing_is_named():
    stacks, note = shown("strided", pointwise_relu=True)
    assert list(stacks) == ["kernels", "matrix"]
    assert (
        note
        == "After ReLU no single kernel gives a map. These are the filters that feed the matrix’s columns."
    )


@pytest.mark.parametrize(("stage", "layer"), [("rectifier", "Square"), ("pooling", "Square")])
def test_behind_a_rectifier_the_kernels_that_feed_the_maps_are_shown(stage, layer):
    stacks, note = shown(stage, rectifier="square")
    assert (
        note
        == f"After {layer} no single kernel gives a map. These are the filters that feed the maps."
    )
    assert stacks["kernels"].shape == (16, 9, 9)


def test_colours_have_weights_or_a_word_and_no_kernels():
    assert list(shown("pointwise", bank="rgb")[0]) == ["matrix"]
    stacks, note = shown("bank", bank="rgb")
    assert stacks == {}
    assert note
    assert shown("picture")[0] == {}
