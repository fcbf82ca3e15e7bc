"""Parallel branches: joined channels, shared weights, and sizes that do not fit."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from viz.layers.branches import AppendDifference, Branches, joined
from viz.layers.pointwise import Pointwise


def noise(*shape: int) -> torch.Tensor:
    return torch.rand(shape, generator=torch.Generator().manual_seed(1))


ONE, THREE = Pointwise(noise(2, 3)), nn.Conv2d(3, 4, 3, padding=1).requires_grad_(False)


def inception() -> Branches:
    return Branches({"one": ONE, "three": THREE, "pool": nn.MaxPool2d(3, 1, 1)})


@pytest.mark.parametrize("shape", [(3, 6, 5), (2, 3, 6, 5)])
def test_every_branch_reads_the_same_maps(shape: tuple[int, ...]):
    layer, x = inception(), noise(*shape)
    one, three, pool = layer(x).split([2, 4, 3], dim=-3)
    torch.testing.assert_close(one, F.conv2d(x, ONE.weight))
    torch.testing.assert_close(three, F.conv2d(x, THREE.weight, THREE.bias, 1, 1))
    assert torch.equal(pool, F.max_pool2d(x, 3, 1, 1))


@pytest.mark.parametrize(
    ("shapes", "said"),
    [
        ([(2, 5, 4), (2, 5, 3)], r"not \(2, 5, 4\), \(2, 5, 3\)"),
        ([(1, 2, 5, 4), (2, 2, 5, 4)], r"not \(1, 2, 5, 4\), \(2, 2, 5, 4\)"),
        ([(2, 5, 4), (1, 2, 5, 4)], r"not \(2, 5, 4\), \(1, 2, 5, 4\)"),
        ([], "not none"),
    ],
)
def test_what_differs_in_size_is_not_joined(shapes: list[tuple[int, ...]], said: str):
    with pytest.raises(ValueError, match=said):
        joined([torch.zeros(shape) for shape in shapes])


def test_a_channel_is_found_in_its_branch():
    layer, x = inception(), noise(3, 4, 4)
    whole = layer(x)
    for channel in range(9):
        name, own = layer.source_of(channel, x)
        assert torch.equal(layer[name](x)[own], whole[channel])
    for channel in (-1, 9):
        with pytest.raises(ValueError, match=f"of 9 channels none is number {channel}"):
            layer.source_of(channel, x)


def test_a_shared_layer_has_its_weights_once():
    shared = Pointwise(noise(2, 3))
    layer = Branches({"one": shared, "other": nn.Sequential(nn.ReLU(), shared)})
    assert sum(weight.numel() for weight in layer.parameters()) == 6
    assert layer.to("meta")(noise(3, 2, 2).to("meta")).shape == (4, 2, 2)


@pytest.mark.parametrize("shape", [(6, 3, 2), (2, 6, 3, 2)])
def test_the_difference_is_itself_a_1x1(shape: tuple[int, ...]):
    x, eye = noise(*shape), torch.eye(3)
    rows = torch.cat([torch.eye(6), torch.cat([eye, -eye], dim=1)])
    expected = Pointwise(rows)(x)
    torch.testing.assert_close(AppendDifference()(x), expected, atol=1e-7, rtol=0)


def test_an_odd_number_of_channels_has_no_halves():
    with pytest.raises(ValueError, match=r"\(3, 2, 2\) have no two halves"):
        AppendDifference()(torch.zeros(3, 2, 2))
