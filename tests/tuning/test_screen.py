"""Which unit is watched, what it is shown, and that no short cut changes what it answers."""

from __future__ import annotations

import itertools
import math
from copy import deepcopy
from typing import Literal

import pytest
import torch
from torch import Tensor, nn

from viz.layers.activation import Square
from viz.layers.branches import Branches
from viz.layers.gabor import GaborBank, GaborParameters
from viz.layers.pointwise import Pointwise
from viz.layers.recipes import grey_rows
from viz.tuning import (
    Screen,
    Sweep,
    middle_unit,
    one_place,
    places,
    responding,
    responses,
    whole_field_px,
)
from viz.tuning.one_place import at_one_place

SWEEP = Sweep.evenly(6, (5.0, 8.0), phases=4)
BANK = GaborParameters(3, 2, 6.0, 3.0, 13, 1.0)


def drawn(seed: int, network: nn.Module) -> nn.Module:
    """A copy of the network in double precision, with weights of a seed."""
    network = deepcopy(network)
    generator = torch.Generator().manual_seed(seed)
    for weight in network.parameters():
        weight.data = torch.randn(weight.shape, generator=generator)
    return network.double().eval().requires_grad_(False)


def sees(network: nn.Module, size_px: int, unit: tuple[int, int], channels: int = 1) -> Tensor:
    """Whether the unit reads each pixel, by its gradient."""
    picture = torch.rand(1, channels, size_px, size_px, dtype=torch.float64, requires_grad=True)
    network(picture)[0, :, unit[0], unit[1]].sum().backward()
    return picture.grad[0].abs().sum(0) > 0


def off_centre(seen: Tensor) -> float:
    """How far the middle of what is read lies from the middle of the picture, along the rows."""
    rows = seen.any(1).nonzero().flatten()
    return abs(float(rows[0] + rows[-1]) / 2 - (len(seen) - 1) / 2)


class ByHand(nn.Module):
    """A module whose code no trace can read."""

    def forward(self, x: Tensor) -> Tensor:
        return x * 2 if float(x.sum()) > 1e9 else x * 3


# Layers inside networks, with stride and padding.
NETWORKS = {
    "same": nn.Sequential(nn.Conv2d(1, 3, 5, padding=2)),
    "even": nn.Sequential(nn.Conv2d(1, 3, 4, padding=1)),
    "strided": nn.Sequential(nn.Conv2d(1, 3, 5, stride=2, padding=1), nn.ReLU()),
    "deep": nn.Sequential(
        nn.Conv2d(1, 4, 7, stride=3, padding=3), nn.Tanh(), nn.Conv2d(4, 3, 3, 2, padding=1)
    ),
    "branches": nn.Sequential(
        Branches({"one": nn.Conv2d(1, 2, 1), "five": nn.Conv2d(1, 2, 5, padding=2)}), nn.ReLU()
    ),
}


@pytest.mark.parametrize("size_px", [31, 32])
@pytest.mark.parametrize("name", NETWORKS)
def test_the_unit_in_the_middle_is_the_one_that_reads_the_middle(name, size_px):
    network = drawn(
        3, nn.Sequential(*(each for each in NETWORKS[name] if type(each) is not nn.ReLU))
    )
    rows, columns = network(torch.zeros(1, 1, size_px, size_px).double()).shape[-2:]
    unit = middle_unit(network, (1, size_px, size_px))
    inner = [u for u in range(rows) if 0 < u < rows - 1]  # the others are cut at the border
    offs = [off_centre(sees(network, size_px, (u, columns // 2))) for u in inner]
    assert off_centre(sees(network, size_px, unit)) == min(offs)
    assert unit[0] == unit[1]


@pytest.mark.parametrize("name", NETWORKS)
def test_on_the_smallest_picture_it_reads_nothing_outside_and_on_a_smaller_one_it_does(name):
    """Then it does not matter what is around the picture."""
    network = drawn(3, NETWORKS[name])
    side = whole_field_px(network, 1)

    def around(size_px: int, mode: Literal["zeros", "replicate"]) -> Tensor:
        for layer in network.modules():
            if isinstance(layer, nn.Conv2d):
                layer.padding_mode = mode
        return responses(network, SWEEP, Screen(size_px=size_px))

    assert torch.equal(around(side, "zeros"), around(side, "replicate"))
    assert not torch.equal(around(side - 1, "zeros"), around(side - 1, "replicate"))


def test_responses_are_sums_over_the_pixels_less_those_to_the_blank():
    """Of the ReLU of a filter with a bias, in a loop."""
    layer = drawn(0, nn.Conv2d(3, 2, 5))
    screen = Screen(channels=3, mean=(0.2, 0.5, -0.1), contrast=(0.5, 1.0, 2.0))
    found = responses(nn.Sequential(layer, nn.ReLU()), SWEEP, screen)
    assert found.shape == (2, *SWEEP.shape)

    def answer(channel: int, grating) -> float:
        total = float(layer.bias[channel])
        for c, i, j in itertools.product(range(3), range(5), range(5)):
            shown = screen.mean[c] + screen.contrast[c] * grating(i - 2, j - 2)
            total += float(layer.weight[channel, c, i, j]) * shown
        return max(0.0, total)

    for channel, (w, o, p) in itertools.product(
        range(2), itertools.product(*map(range, SWEEP.shape))
    ):
        angle, phase = SWEEP.orientations_degrees[o], SWEEP.phases_degrees[p]

        def grating(row, column, period=SWEEP.wavelengths_px[w], angle=angle, phase=phase):
            theta = math.radians(angle)
            across = column * math.sin(theta) + row * math.cos(theta)
            return math.cos(2 * math.pi * across / period + math.radians(phase))

        expected = answer(channel, grating) - answer(channel, lambda *_: 0.0)
        assert float(found[channel, w, o, p]) == pytest.approx(expected, abs=1e-9)


def test_one_channel_and_three_grey_ones_are_the_same_to_the_luminance():
    bank = GaborBank(BANK)
    colour = nn.Sequential(Pointwise(grey_rows(1)), bank)
    found = responses(colour, SWEEP, Screen(channels=3))
    torch.testing.assert_close(found, responses(bank, SWEEP))


@pytest.mark.parametrize("size_px", [13, 25])
def test_a_bank_with_1x1_layers_is_looked_at_in_one_place_and_answers_the_same(size_px):
    mixing = torch.randn(4, 6, generator=torch.Generator().manual_seed(0))
    network = nn.Sequential(
        nn.Sequential(Pointwise(grey_rows(1)), GaborBank(BANK)), Square(), Pointwise(mixing)
    ).double()
    short, full = at_one_place(network, 3), Screen(channels=3, mean=0.5, size_px=size_px)
    assert short.size_px == 13
    found = responses(network, SWEEP, full._replace(size_px=None))
    expected = responses(network, SWEEP, full)
    # in a larger picture the middle is the same pixel, so its gratings have the same phases
    torch.testing.assert_close(found, expected)


def test_the_short_cut_is_taken_where_it_can_be(monkeypatch):
    taken = []
    monkeypatch.setattr(one_place.OnePlace, "forward", lambda self, x: taken.append(x.shape) or x)
    monkeypatch.setattr(GaborBank, "forward", lambda self, x: pytest.fail("every unit is computed"))
    responses(nn.Sequential(GaborBank(BANK), nn.ReLU()), SWEEP)
    assert {shape[1:] for shape in taken} == {(1, 13, 13)}


@pytest.mark.parametrize(
    "network",
    [
        nn.Sequential(nn.Conv2d(1, 2, 5), nn.Conv2d(2, 2, 3)),
        nn.Sequential(nn.Conv2d(1, 2, 5), nn.MaxPool2d(3)),
        nn.Sequential(nn.Conv2d(1, 2, 5, stride=2)),
        nn.Sequential(nn.Conv2d(1, 2, (3, 5))),
        nn.Sequential(nn.Conv2d(1, 2, 3, dilation=2)),
        nn.Sequential(nn.Conv2d(1, 2, 5), nn.ZeroPad2d(2)),
        nn.Sequential(nn.Conv2d(1, 2, 5), Pointwise(torch.eye(2), stride=2)),
        nn.Sequential(nn.Conv2d(1, 2, 5), nn.InstanceNorm2d(2)),
        nn.Sequential(nn.Conv2d(1, 2, 5), nn.Flatten()),
        nn.Sequential(nn.Conv2d(1, 2, 5), ByHand()),
        nn.ReLU(),
        NETWORKS["branches"],
    ],
    ids=[
        *("two kernels", "pool", "stride", "oblong", "dilation", "padding", "strided 1x1"),
        *("over the map", "features", "unreadable", "no kernel", "branches"),
    ],
)
def test_the_short_cut_is_not_taken_elsewhere(network):
    assert at_one_place(network, 1) is None


def test_channels_that_are_read_apart_are_not_read_in_one_place():
    apart = drawn(5, nn.Conv2d(2, 2, 3, padding=1, groups=2))
    assert at_one_place(apart, 2) is None
    found, kernels = responses(apart, SWEEP, Screen(channels=2)), apart.weight[:, 0]
    alone = torch.einsum("nij,kij->kn", SWEEP.pictures(3, like=kernels), kernels)
    torch.testing.assert_close(found.flatten(1), alone)


@pytest.mark.parametrize("name", NETWORKS)
def test_a_few_at_a_time_and_all_at_once_give_the_same(name, monkeypatch):
    network = drawn(1, NETWORKS[name])
    whole = responses(network, SWEEP)
    monkeypatch.setattr("viz.tuning.screen._NUMBERS", 5 * whole_field_px(network, 1) ** 2)
    said = list(responding(network, SWEEP))
    assert len(said) == math.ceil(48 / 5)
    assert [each.fraction for each in said] == sorted({each.fraction for each in said})
    assert said[-1].fraction == 1
    assert str(said[0].sentence) == "Grating 5 of 48"
    torch.testing.assert_close(responses(network, SWEEP), whole)


def test_a_picture_larger_than_a_batch_is_shown_alone(monkeypatch):
    monkeypatch.setattr("viz.tuning.screen._NUMBERS", 1)
    assert len(list(responding(nn.Conv2d(1, 1, 3), SWEEP))) == 48


def test_it_ends_when_it_is_closed():
    shown = []
    layer = drawn(0, nn.Conv2d(1, 1, 3, padding=1))
    layer.register_forward_hook(lambda *_: shown.append(1))
    steps = responding(nn.Sequential(layer, nn.MaxPool2d(2)), SWEEP)
    next(steps)
    before = len(shown)
    steps.close()
    assert list(steps) == []
    assert len(shown) == before


def test_a_layer_that_reads_everything_needs_a_size():
    network = drawn(2, nn.Sequential(nn.Conv2d(1, 4, 3), nn.AdaptiveAvgPool2d(1), nn.Flatten()))
    with pytest.raises(ValueError, match="say how large it is: size_px"):
        responses(network, SWEEP)
    found = responses(network, SWEEP, Screen(size_px=9))
    expected = torch.stack([network(each[None, None])[0] for each in SWEEP.pictures(9, like=found)])
    blank = network(torch.zeros(1, 1, 9, 9).double())
    torch.testing.assert_close(found, (expected - blank).T.unflatten(1, SWEEP.shape).detach())


def test_any_module_can_be_looked_at_where_one_says(monkeypatch):
    monkeypatch.setattr(places, "between", lambda *_: pytest.fail("nothing is read of it"))
    found = responses(ByHand(), SWEEP, Screen(size_px=7, unit=(3, 5)))
    expected = 3 * SWEEP.pictures(7, like=torch.zeros(1))[:, 3, 5]
    torch.testing.assert_close(found[0].flatten(), expected)


@pytest.mark.parametrize(
    ("layer", "named"),
    [(nn.Conv2d(3, 2, 3), "Conv2d"), (nn.Sequential(nn.Conv2d(1, 2, 3), ByHand()), "^1: ")],
)
def test_what_does_not_fit_or_cannot_be_read_is_named(layer, named):
    with pytest.raises(ValueError, match=named):
        responses(layer, SWEEP)


def test_what_is_only_rounding_of_the_blank_is_nothing():
    layer = nn.Conv2d(1, 1, 3)
    nn.init.constant_(layer.weight, 1e-9)
    nn.init.constant_(layer.bias, 100.0)
    assert not responses(layer, SWEEP, Screen(contrast=1000)).any()


@pytest.mark.parametrize("name", NETWORKS)
def test_runs_where_no_numbers_are(name, one_device):
    network = deepcopy(NETWORKS[name]).to("meta")
    with one_device():
        found = responses(network, SWEEP)
    assert found.device.type == "meta"
    assert found.shape[1:] == SWEEP.shape


def test_runs_on_every_device(device):
    network = drawn(4, nn.Sequential(nn.Conv2d(1, 3, 5, stride=2, padding=1), nn.ReLU())).float()
    here = responses(network, SWEEP)
    there = responses(network.to(device), SWEEP)
    assert there.device.type == device.type
    torch.testing.assert_close(there.cpu(), here, atol=1e-4, rtol=1e-4)


def test_nothing_is_left_for_gradients():
    assert not responses(nn.Conv2d(1, 1, 3), SWEEP).requires_grad
