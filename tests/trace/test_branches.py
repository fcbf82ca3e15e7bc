"""Branches by hand: the union of their boxes, whether they are aligned, and what each sees."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from viz.geometry import ReceptiveField
from viz.trace import between, layer_rows, receptive_field

SHAPE = (3, 40, 32)


class Join(nn.Module):
    """Branches, and a function that joins their maps."""

    def __init__(self, join: Any, *branches: nn.Module) -> None:
        super().__init__()
        self.join = join
        self.branches = nn.ModuleList(branches)

    def forward(self, x: Tensor) -> Tensor:
        return self.join([branch(x) for branch in self.branches])


def cat(maps: list[Tensor]) -> Tensor:
    return torch.cat(maps, dim=1)


def conv(size: int, stride: int = 1, **arguments: Any) -> nn.Conv2d:
    return nn.Conv2d(3, 3, size, stride, **arguments)


def inception() -> Join:
    """1×1, 3×3, 5×5 and a pool, all centred on the unit."""
    pool = nn.Sequential(nn.MaxPool2d(3, 1, 1), conv(1))
    return Join(cat, conv(1), conv(3, padding=1), conv(5, padding=2), pool)


def test_centred_branches_are_aligned_and_the_largest_holds_them_all():
    row = layer_rows(inception(), SHAPE)[-1]
    assert (row.name, row.kind, row.output_shape) == ("cat", "cat", (12, 40, 32))
    field = row.receptive_field
    assert (field.size, field.padding, field.aligned) == ((5, 5), (2, 2), True)
    assert [box.size for box in field.boxes] == [(1, 1), (3, 3), (5, 5)]  # two of 3×3 are the same
    assert field.certainty == "upper bound"  # a channel of the 1×1 sees one pixel


def test_a_layer_that_mixes_all_channels_sees_the_whole_union():
    def certainty(layer: nn.Module) -> str:
        return receptive_field(nn.Sequential(inception(), layer), SHAPE).certainty

    assert certainty(nn.Conv2d(12, 4, 3)) == "exact"
    assert certainty(nn.Softmax2d()) == "exact"
    assert certainty(nn.Conv2d(12, 12, 3, groups=12)) == "upper bound"
    assert certainty(nn.MaxPool2d(2)) == "upper bound"


def test_boxes_move_on_with_the_layers_after_the_branches():
    field = receptive_field(nn.Sequential(inception(), nn.MaxPool2d(2), nn.Conv2d(12, 4, 3)), SHAPE)
    assert (field.size, field.stride) == ((10, 10), (2, 2))
    assert [box.size for box in field.boxes] == [(6, 6), (8, 8), (10, 10)]


def test_a_sum_is_exact_and_a_residual_block_is_aligned():
    block = Join(
        sum, nn.Identity(), nn.Sequential(conv(3, padding=1), nn.ReLU(), conv(3, padding=1))
    )
    field = receptive_field(block, SHAPE)
    assert (field.size, field.padding, field.aligned) == ((5, 5), (2, 2), True)
    assert field.certainty == "exact"


def test_a_projection_of_stride_2_is_aligned_with_a_padded_3x3():
    block = Join(sum, conv(1, 2), conv(3, 2, padding=1))
    field = receptive_field(block, SHAPE)
    assert (field.size, field.stride, field.padding) == ((3, 3), (2, 2), (1, 1))
    assert field.aligned


def test_branches_with_other_centres_are_reported_with_both_boxes():
    """A 3×3 without padding on its left reads one pixel further right."""
    late = nn.Sequential(nn.ZeroPad2d((0, 2, 0, 2)), conv(3))
    field = receptive_field(Join(sum, conv(3, padding=1), late), SHAPE)
    assert (field.size, field.padding, field.aligned) == ((4, 4), (1, 1), False)
    assert [(box.size, box.padding) for box in field.boxes] == [((3, 3), (1, 1)), ((3, 3), (0, 0))]
    after = receptive_field(nn.Sequential(Join(sum, conv(3, padding=1), late), conv(1)), SHAPE)
    assert not after.aligned


def test_branches_of_other_strides_drift_apart():
    """Unit u reads pixel 2u in one branch and pixel u in the other: 0 to 15 apart over 16 columns."""
    near = nn.Sequential(nn.ZeroPad2d((0, -16, 0, -20)))
    field = receptive_field(Join(sum, conv(1, 2), near), SHAPE)
    assert not field.aligned
    assert field.certainty == "upper bound"
    assert field.size == (20, 16)
    for unit in range(16):
        first, last = field.columns.seen(unit)
        assert first <= unit <= 2 * unit <= last
    assert [box.stride for box in field.boxes] == [(2, 2), (1, 1)]


@pytest.mark.parametrize("join", [cat, sum])
def test_zeros_padded_after_a_cut_are_not_what_was_there(join: Any):
    """The box of a border unit lies inside the picture, but it reads zeros instead of it."""

    def certainty(*layers: nn.Module) -> str:
        cut = Join(join, nn.AvgPool2d(5, 1), nn.ZeroPad2d(-2))
        return receptive_field(nn.Sequential(cut, *layers), SHAPE).certainty

    channels = 3 if join is sum else 6
    assert certainty(nn.Conv2d(channels, 3, 3)) == "exact"
    assert certainty(nn.Conv2d(channels, 3, 3, padding=1)) == "upper bound"


def test_a_gate_from_the_whole_map_lets_every_unit_see_it():
    def gated(maps: list[Tensor]) -> Tensor:
        return maps[0] * torch.sigmoid(maps[1])

    field = receptive_field(Join(gated, conv(3, padding=1), nn.AdaptiveAvgPool2d(1)), SHAPE)
    assert field.certainty == "upper bound"
    for row in range(40):
        first, last = field.rows.seen(row)
        assert first <= 0
        assert last >= 39


def test_boxes_stay_few_in_a_deep_network():
    """Each join keeps one box a branch, not one a path: 3 of them, not 3 to the power of 12."""
    deep = nn.Sequential(*(nn.Sequential(inception(), nn.Conv2d(12, 3, 1)) for _ in range(12)))
    field = receptive_field(deep, SHAPE)
    assert field.size == (49, 49)
    assert len(field.boxes) == 3


@pytest.mark.parametrize("layer", [nn.GroupNorm(3, 3), nn.InstanceNorm2d(3)])
def test_statistics_of_the_map_let_every_unit_see_it(layer: nn.Module):
    field = receptive_field(nn.Sequential(nn.AvgPool2d(2), layer), SHAPE)
    assert field.certainty == "upper bound"
    for column in range(16):
        first, last = field.columns.seen(column)
        assert first <= 0
        assert last >= 31


@pytest.mark.parametrize("sizes", [(7, 5), (8, 4), (1, 13), (40, 32), (60, 3)])
@pytest.mark.parametrize("kind", [nn.AdaptiveAvgPool2d, nn.AdaptiveMaxPool2d])
def test_adaptive_pools_see_their_windows(kind: type[nn.Module], sizes: tuple[int, int]):
    pool = kind(sizes)
    field = receptive_field(pool, SHAPE)
    assert layer_rows(pool, SHAPE)[0].output_shape == tuple(pool(torch.zeros(SHAPE)).shape)
    for window, length, units in ((field.rows, 40, sizes[0]), (field.columns, 32, sizes[1])):
        for unit in range(units):
            first, last = window.seen(unit)
            start, stop = unit * length // units, -(-(unit + 1) * length // units)
            assert first <= start < stop <= last + 1
            assert field.certainty == "upper bound" or (first, last + 1) == (start, stop)
    assert field.certainty == ("exact" if sizes in ((8, 4), (40, 32)) else "upper bound")


# ── Between two layers ──────────────────────────────────────────────────────────────────────────


def two_modules() -> nn.Sequential:
    network = nn.Sequential()
    for name, layer in (("stem", conv(3, 2, padding=1)), ("one", inception())):
        network.add_module(name, layer)
    network.add_module("two", nn.Sequential(nn.MaxPool2d(3, 2, 1), nn.Conv2d(12, 4, 5, padding=2)))
    return network


def test_between_names_a_module_by_its_last_layer():
    network = two_modules()
    assert between(network, SHAPE, "stem", "one") == between(network, SHAPE, "stem", "one.cat")
    assert between(network, SHAPE, "one", "two").field == ReceptiveField((11, 11), (2, 2), (5, 5))
    assert between(network, SHAPE, "one", "two").earlier_shape == (12, 20, 16)
    assert between(network, SHAPE).field == receptive_field(network, SHAPE)
    assert between(network, SHAPE, "two", "two").field == ReceptiveField()


def test_between_sees_a_branch_through_the_join_alone():
    """The 5×5 alone leads to these channels; the others see nothing of its maps."""
    found = between(two_modules(), SHAPE, "one.branches.2", "one")
    assert (found.field.size, found.field.certainty) == ((1, 1), "upper bound")
    after = between(two_modules(), SHAPE, "one.branches.2", "two")
    assert (after.field.size, after.field.certainty) == ((11, 11), "exact")


@pytest.mark.parametrize(
    ("from_layer", "to_layer", "reason"),
    [
        ("two", "one", "one.cat does not read two.1"),
        ("one.branches.1", "one.branches.0", "one.branches.0 does not read one.branches.1"),
        ("three", "", "the network has no layer 'three'"),
        ("", "on", "the network has no layer 'on'"),
    ],
)
def test_between_refuses_what_is_not_connected(from_layer: str, to_layer: str, reason: str):
    with pytest.raises(ValueError, match=reason):
        between(two_modules(), SHAPE, from_layer, to_layer)


def test_a_pixel_between_the_windows_reaches_nothing():
    found = between(conv(1, 4), SHAPE)
    assert found.reached(4, 8) == (range(1, 2), range(2, 3))
    assert found.reached(4, 9) == (range(0), range(0))
