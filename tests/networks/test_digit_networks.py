"""The networks for digits: what each kind reads, and their counts by hand."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from viz.networks.digit_networks import DESIGNS, digit_network
from viz.training.classifier import draw_weights
from viz.training.digit_costs import counts, width_with

SIZES = [1, 6, 14, 40]
# Parameters of all three blocks at width c, kernel by kernel, each with its biases.
BLOCKS = {
    "plain": lambda c: (9 * c + c) + 2 * (9 * c * c + c),
    "nin": lambda c: (9 * c + c) + 2 * (9 * c * c + c) + 3 * (c * c + c),
    "separable": lambda c: (9 * c + c) + 2 * (9 * c + c) + 3 * (c * c + c),
    "pointwise": lambda c: (c + c) + 2 * (c * c + c),
}
HEADS = {"": lambda c: 10 * c + 10, "_connected": lambda c: 640 * c + 10}


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize("width", SIZES)
def test_parameters_by_hand_and_by_torch(design: str, width: int):
    kind = design.removesuffix("_connected")
    by_hand = BLOCKS[kind](width) + HEADS[design.removeprefix(kind)](width)
    network = digit_network(design, width)
    assert counts(design, width).parameters == by_hand
    assert by_hand == sum(weight.numel() for weight in network.parameters())


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize("width", SIZES)
def test_macs_are_weights_times_positions(design: str, width: int):
    """Every convolution is at all 64 pixels; the head is applied once."""
    weights = [w for w in digit_network(design, width).parameters() if w.dim() > 1]
    *convolutions, head = (weight.numel() for weight in weights)
    assert counts(design, width).macs == 64 * sum(convolutions) + head


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize("parameters", [1, 26, 598, 3846, 12666])
def test_no_other_width_comes_nearer(design: str, parameters: int):
    found = width_with(design, parameters)
    misses = [abs(counts(design, width).parameters - parameters) for width in range(1, 129)]
    assert misses[found - 1] == min(misses)


@pytest.mark.parametrize("design", DESIGNS)
def test_ten_outputs_for_each_digit(design: str):
    assert digit_network(design, 3)(torch.rand(5, 1, 8, 8)).shape == (5, 10)
    assert digit_network(design, 3, "meta")(torch.rand(5, 1, 8, 8, device="meta")).is_meta


def of_shuffled(design: str) -> tuple[Tensor, Tensor]:
    """The outputs for digits, and for the same digits with their pixels in another order."""
    network, x = digit_network(design, 5), torch.rand(4, 1, 8, 8)
    draw_weights(network, seed=0)
    order = torch.randperm(64, generator=torch.Generator().manual_seed(0))
    shuffled = x.flatten(2)[..., order].unflatten(2, (8, 8))
    with torch.no_grad():
        return network(x), network(shuffled)


@pytest.mark.parametrize("design", DESIGNS)
def test_only_the_pooled_network_of_1x1_layers_sees_no_shape(design: str):
    left, right = of_shuffled(design)
    assert torch.allclose(left, right, atol=1e-5) == (design == "pointwise")


def test_a_depthwise_kernel_reads_one_channel():
    depthwise = [
        layer
        for layer in digit_network("separable", 6)
        if isinstance(layer, nn.Conv2d) and layer.kernel_size == (3, 3)
    ]
    assert [layer.weight.shape[1] for layer in depthwise] == [1, 1, 1]


@torch.inference_mode()
def test_its_weights_can_be_trained_although_it_is_made_in_inference_mode():
    assert not any(weight.is_inference() for weight in digit_network("nin", 2).parameters())
