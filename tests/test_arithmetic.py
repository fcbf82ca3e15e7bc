"""One number taken apart, against the map it stands in and against the layer's own inputs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import torch
from hypothesis import assume, example, given
from hypothesis import strategies as st
from torch import Tensor, nn

from viz.arithmetic import Arithmetic, arithmetic
from viz.layers.activation import Square
from viz.layers.branches import Branches
from viz.layers.channel_shuffle import PermuteChannels, PickChannels, ShuffleChannels
from viz.layers.cross_channel_pooling import PoolChannels
from viz.layers.pointwise import Pointwise
from viz.lessons.lab import LESSON as lab
from viz.lessons.lab.setting import Setting

PLACES = st.tuples(*[st.floats(0, 1)] * 3)


def through(setting: Setting, pixels: Tensor) -> list[tuple[str, nn.Module, Tensor, Tensor]]:
    """For every stage its name, module, and the maps before and behind it."""
    stages, before = [], pixels
    for name, module in lab.network(setting, pixels).named_children():
        after = module(before)
        stages.append((name, module, before, after))
        before = after
    return stages


def units(maps: Tensor, place: tuple[float, float, float]) -> list[tuple[int, int, int]]:
    """Both far corners, and one unit anywhere."""
    anywhere: Any = tuple(int(part * (n - 1)) for part, n in zip(place, maps.shape, strict=True))
    last: Any = tuple(n - 1 for n in maps.shape)
    return [(0, 0, 0), last, anywhere]


def check(taken: Arithmetic, before: Tensor) -> None:
    """What holds of every arithmetic by itself."""
    assert len(taken.places) == len(taken.inputs) == len(taken.weights) == len(taken.terms) > 0
    assert len(set(taken.places)) == len(taken.places)
    if taken.operation in ("sum", "mean"):
        assert taken.value == pytest.approx(sum(taken.terms) + taken.bias, abs=1e-12)
    if taken.operation == "max":
        assert taken.value == max(taken.inputs)
        assert set(taken.weights) == {1.0}
    if taken.operation == "mean":
        assert taken.value == pytest.approx(sum(taken.inputs) / len(taken.inputs), abs=1e-12)
    if taken.operation == "copy":
        assert len(taken.places) == 1


@given(setting=..., place=PLACES)
def test_every_number_of_every_stage_is_found_again(setting: Setting, place):
    setting = replace(setting, size_px=min(setting.size_px, 15))
    for name, module, before, after in through(setting, torch.rand(3, 19, 14)):
        for unit in units(after, place):
            taken = arithmetic(module, before, unit)
            check(taken, before)
            scale = 1 + sum(abs(term) for term in taken.terms)
            assert taken.output == pytest.approx(float(after[unit]), abs=1e-5 * scale), name


@given(setting=..., place=PLACES)
def test_inputs_are_the_numbers_at_their_places(setting: Setting, place):
    """The first stage reads the luminance, all others the maps before them, reordered or not."""
    setting = replace(setting, size_px=min(setting.size_px, 7))
    for name, module, before, after in through(setting, torch.rand(3, 9, 8)):
        if name == "bank" and setting.bank != "rgb":
            before = torch.einsum("c,chw->hw", torch.tensor([0.2126, 0.7152, 0.0722]), before)[None]
        for unit in units(after, place):
            taken = arithmetic(module, before if name != "bank" else _pixels(before), unit)
            found = [float(before[p]) for p in taken.places]
            assert taken.inputs == pytest.approx(found, abs=1e-6), name


def _pixels(luminance: Tensor) -> Tensor:
    """A grey picture of this luminance; three channels pass as they are."""
    return luminance if len(luminance) == 3 else luminance.expand(3, -1, -1)


def test_over_orientations_the_terms_are_one_phase_of_every_orientation():
    setting = Setting(orientations=3, phases=4, pool_over="orientations")
    name, module, before, _ = through(setting, torch.rand(3, 9, 8))[2]
    taken = arithmetic(module, before, (1, 2, 3))
    arriving = lab.outline(setting)["rectifier"].channels.names
    assert name == "pooling"
    assert [arriving[channel] for channel, _, _ in taken.places] == [
        "0° φ90°",
        "60° φ90°",
        "120° φ90°",
    ]
    assert {place[1:] for place in taken.places} == {(2, 3)}


def test_a_1x1_by_hand():
    """(2 · 1 + 3 · 10 + 0.5) with stride 2: the unit at (1, 0) reads the pixel at (2, 0)."""
    layer = Pointwise(torch.tensor([[0.0, 0.0], [2.0, 3.0]]), torch.tensor([9.0, 0.5]), stride=2)
    maps = torch.zeros(2, 3, 1)
    maps[:, 2, 0] = torch.tensor([1.0, 10.0])
    taken = arithmetic(layer, maps, (1, 1, 0))
    assert taken == Arithmetic(
        operation="sum",
        places=[(0, 2, 0), (1, 2, 0)],
        inputs=[1.0, 10.0],
        weights=[2.0, 3.0],
        bias=0.5,
        value=32.5,
        rectifier="",
        output=32.5,
    )


def test_a_rectifier_behind_a_mixture_by_hand():
    stage = nn.Sequential(Pointwise(torch.tensor([[-1.0]])), nn.ReLU())
    taken = arithmetic(stage, torch.tensor([[[3.0]]]), (0, 0, 0))
    assert (taken.value, taken.rectifier, taken.output) == (-3.0, "ReLU", 0.0)


@pytest.mark.parametrize(
    ("layer", "value", "word"), [(nn.ReLU(), 0.0, "ReLU"), (Square(), 4.0, "Square")]
)
def test_a_rectifier_alone_by_hand(layer, value, word):
    taken = arithmetic(layer, torch.tensor([[[-2.0]]]), (0, 0, 0))
    assert (taken.operation, taken.inputs, taken.rectifier) == ("copy", [-2.0], word)
    assert taken.output == value


def test_a_maximum_and_a_mean_by_hand():
    maps = torch.tensor([9.0, 9.0, 9.0, 1.0, -4.0, 6.0]).view(6, 1, 1)
    largest = arithmetic(PoolChannels(3), maps, (1, 0, 0))
    assert (largest.inputs, largest.value) == ([1.0, -4.0, 6.0], 6.0)
    mean = arithmetic(PoolChannels(3, "mean"), maps, (1, 0, 0))
    assert mean.weights == [1 / 3] * 3
    assert mean.value == pytest.approx(1.0)


def test_places_in_the_zero_padding_are_left_out():
    layer = nn.Conv2d(1, 1, 3, padding=1)
    nn.init.ones_(layer.weight)
    nn.init.constant_(layer.bias, 0.25)
    corner = arithmetic(layer.requires_grad_(False), torch.ones(1, 4, 4), (0, 0, 0))
    assert corner.places == [(0, 0, 0), (0, 0, 1), (0, 1, 0), (0, 1, 1)]
    assert corner.output == 4.25
    assert len(arithmetic(layer, torch.ones(1, 4, 4), (0, 1, 1)).terms) == 9


@pytest.mark.parametrize("unit", [(4, 0, 0), (0, 3, 0), (0, 0, 2), (-1, 0, 0), (0, 0, -1)])
def test_a_unit_outside_is_refused(unit):
    """5 × 4 pixels in steps of 2 are 3 × 2."""
    layer = Pointwise(torch.zeros(4, 3), stride=2)
    with pytest.raises(ValueError, match=r"\(4, 3, 2\)"):
        arithmetic(layer, torch.zeros(3, 5, 4), unit)


def test_a_unit_of_a_grouped_layer_reads_its_group_alone():
    """Output 2 of four belongs to the second of two groups: channels 2 and 3."""
    weight = torch.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0], [7.0, 8.0]])
    layer = Pointwise(weight, groups=2)
    maps = torch.tensor([1.0, 10.0, 100.0, 1000.0]).view(4, 1, 1)
    taken = arithmetic(layer, maps, (2, 0, 0))
    assert taken.places == [(2, 0, 0), (3, 0, 0)]
    assert (taken.inputs, taken.weights) == ([100.0, 1000.0], [5.0, 6.0])
    assert taken.output == 6500.0


@given(st.integers(1, 4), st.integers(1, 3), st.integers(1, 3), st.sampled_from([1, 3]))
def test_grouped_convolutions_against_their_maps(groups, wide, tall, side):
    layer = nn.Conv2d(groups * wide, groups * tall, side, padding=side // 2, groups=groups)
    layer.requires_grad_(False)
    maps = torch.rand(groups * wide, 4, 5)
    for channel in range(groups * tall):
        taken = arithmetic(layer, maps, (channel, 1, 2))
        check(taken, maps)
        group = channel // tall
        assert {place[0] for place in taken.places} == set(range(group * wide, (group + 1) * wide))
        assert taken.inputs == [float(maps[place]) for place in taken.places]
        assert taken.output == pytest.approx(float(layer(maps)[channel, 1, 2]), abs=1e-5)


@given(
    *[st.tuples(st.integers(1, 4), st.integers(1, 3), st.integers(0, 2), st.integers(1, 9))] * 2,
    PLACES,
)
@example((3, 1, 1, 5), (3, 1, 0, 5), (0, 0, 1))
@example((1, 3, 0, 9), (1, 1, 0, 5), (0, 1, 1))
def test_rows_and_columns_have_a_window_each(down, right, place):
    """Kernel, stride, padding and length of either axis, against torch; some read padding alone."""
    kernel, stride, padding, length = zip(down, right, strict=True)
    assume(all(n + 2 * p >= k for k, _, p, n in (down, right)))
    layer = nn.Conv2d(2, 3, kernel, stride, padding).requires_grad_(False)
    maps = torch.rand(2, *length)
    after = layer(maps)
    for unit in units(after, place):
        taken = arithmetic(layer, maps, unit)
        assert taken.inputs == [float(maps[p]) for p in taken.places]
        assert taken.output == pytest.approx(float(after[unit]), abs=1e-5)


@pytest.mark.parametrize("channel", [0, 1])
def test_a_scale_after_a_convolution_by_hand(channel):
    """1·2 + 3·4 + 5 = 19, times 10 and plus 100; the other channel: 1·6 + 3·8 + 7 = 37, ·20 + 200."""
    mixed = Pointwise(torch.tensor([[2.0, 4.0], [6.0, 8.0]]), torch.tensor([5.0, 7.0]))
    scaled = Pointwise(torch.tensor([[10.0], [20.0]]), torch.tensor([100.0, 200.0]), groups=2)
    maps = torch.tensor([1.0, 3.0]).view(2, 1, 1)
    taken = arithmetic(nn.Sequential(mixed, scaled), maps, (channel, 0, 0))
    assert taken.inputs == [1.0, 3.0]
    assert (taken.weights, taken.bias, taken.output) == [
        ([20.0, 40.0], 10 * 5.0 + 100.0, 290.0),
        ([120.0, 160.0], 20 * 7.0 + 200.0, 940.0),
    ][channel]


def test_a_scale_that_skips_pixels_is_taken_apart_itself():
    """Its unit at (1, 2) is that of the convolution at (2, 4), not at (1, 2)."""
    mixed = Pointwise(torch.tensor([[2.0, 4.0], [6.0, 8.0]]))
    stage = nn.Sequential(mixed, Pointwise(torch.tensor([[10.0], [20.0]]), stride=2, groups=2))
    maps = torch.rand(2, 5, 6)
    taken = arithmetic(stage, maps, (1, 1, 2))
    assert (taken.places, taken.weights) == ([(1, 2, 4)], [20.0])
    assert taken.inputs == [float(mixed(maps)[1, 2, 4])]
    assert taken.output == pytest.approx(float(stage(maps)[1, 1, 2]))


def test_a_shuffle_alone_says_where_the_number_comes_from():
    """Six channels of two groups of three: 0 3 1 4 2 5."""
    maps = torch.arange(6.0).view(6, 1, 1) * 10
    for channel, source in enumerate([0, 3, 1, 4, 2, 5]):
        taken = arithmetic(ShuffleChannels(2), maps, (channel, 0, 0))
        check(taken, maps)
        assert (taken.operation, taken.rectifier) == ("copy", "")
        assert (taken.places, taken.output) == ([(source, 0, 0)], 10.0 * source)


def test_behind_a_shuffle_a_grouped_layer_reads_channels_as_they_arrived():
    """Shuffled, the second group of two holds channels 1 and 3."""
    stage = nn.Sequential(ShuffleChannels(2), Pointwise(torch.ones(2, 2), groups=2))
    maps = torch.tensor([1.0, 10.0, 100.0, 1000.0]).view(4, 1, 1)
    taken = arithmetic(stage, maps, (1, 0, 0))
    assert (taken.places, taken.output) == ([(1, 0, 0), (3, 0, 0)], 1010.0)


def test_an_order_after_a_sum_says_which_sum_it_was():
    """Output 0 of the stage is output 2 of the layer: (5 + 6) · 1."""
    layer = Pointwise(torch.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]))
    stage = nn.Sequential(layer, PermuteChannels((2, 0, 1)))
    taken = arithmetic(stage, torch.ones(2, 1, 1), (0, 0, 0))
    assert (taken.weights, taken.output) == ([5.0, 6.0], 11.0)


def test_between_two_sums_places_are_those_of_the_map_between_them():
    """The pool over the order 2 0 1 reads channels 2, 0 and 1 of the three that the layer makes."""
    layer = Pointwise(torch.tensor([[1.0, 0.0], [2.0, 0.0], [3.0, 0.0]]))
    pool = nn.Sequential(PermuteChannels((2, 0, 1)), PoolChannels(3))
    stage = nn.Sequential(PermuteChannels((1, 0)), layer, pool)
    taken = arithmetic(stage, torch.ones(2, 1, 1), (0, 0, 0))
    assert (taken.places, taken.inputs) == ([(2, 0, 0), (0, 0, 0), (1, 0, 0)], [3.0, 1.0, 2.0])


def test_all_functions_after_a_sum_are_named_and_applied():
    stage = nn.Sequential(Pointwise(torch.tensor([[-2.0]])), nn.Hardtanh(), nn.Identity(), Square())
    taken = arithmetic(stage, torch.tensor([[[0.25]]]), (0, 0, 0))
    assert (taken.value, taken.rectifier, taken.output) == (-0.5, "Hardtanh, Square", 0.25)


@given(
    *[st.tuples(*(st.integers(1, n) for n in (4, 3, 3)), st.integers(0, 3), st.integers(4, 9))] * 2,
    st.sampled_from(["zeros", "reflect", "replicate", "circular"]),
    st.sampled_from([1, 2]),
    PLACES,
)
def test_any_convolution_against_torch(down, right, border, groups, place):
    """Kernel, stride, dilation, padding and length of either axis; every border; groups."""
    kernel, stride, dilation, padding, length = zip(down, right, strict=True)
    assume(all(n + 2 * p > d * (k - 1) for k, _, d, p, n in (down, right)))
    layer = nn.Conv2d(2, 4, kernel, stride, padding, dilation, groups, padding_mode=border)
    layer.requires_grad_(False)
    maps = torch.rand(2, *length)
    after = layer(maps)
    for unit in units(after, place):
        taken = arithmetic(layer, maps, unit)
        assert len(set(taken.places)) == len(taken.places)
        assert taken.inputs == [float(maps[p]) for p in taken.places]
        assert taken.output == pytest.approx(float(after[unit]), abs=1e-5)


@given(
    *[st.tuples(st.integers(1, 4), st.integers(1, 3), st.integers(0, 2), st.integers(4, 9))] * 2,
    st.booleans(),
    st.booleans(),
    PLACES,
)
def test_any_pool_over_pixels_against_torch(down, right, ceil, counted, place):
    kernel, stride, padding, length = zip(down, right, strict=True)
    padding = tuple(min(p, k // 2) for p, k in zip(padding, kernel, strict=True))
    maps = torch.rand(2, *length)
    for layer in (
        nn.MaxPool2d(kernel, stride, padding, ceil_mode=ceil),
        nn.AvgPool2d(kernel, stride, padding, ceil_mode=ceil, count_include_pad=counted),
    ):
        after = layer(maps)
        for unit in units(after, place):
            taken = arithmetic(layer, maps, unit)
            check(taken, maps)
            assert taken.output == pytest.approx(float(after[unit]), abs=1e-6)


def test_where_padding_counts_a_mean_is_a_sum_of_smaller_shares():
    """Of the nine pixels at the corner four are there: a sum of ninths, or a mean of four."""
    for counted, said in ((True, ("sum", 4 / 9)), (False, ("mean", 1.0))):
        layer = nn.AvgPool2d(3, padding=1, count_include_pad=counted)
        taken = arithmetic(layer, torch.ones(1, 5, 5), (0, 0, 0))
        assert (taken.operation, pytest.approx(taken.output)) == said
        assert len(taken.inputs) == 4


def test_a_picked_map_of_a_branch_is_taken_apart_to_the_products_of_its_branch():
    first, second = Pointwise(torch.tensor([[1.0, 2.0]])), Pointwise(torch.tensor([[3.0, 4.0]]))
    stage = nn.Sequential(Branches({"first": first, "second": second}), PickChannels((1,)))
    taken = arithmetic(stage, torch.tensor([5.0, 6.0]).view(2, 1, 1), (0, 0, 0))
    assert (taken.operation, taken.weights, taken.inputs) == ("sum", [3.0, 4.0], [5.0, 6.0])
