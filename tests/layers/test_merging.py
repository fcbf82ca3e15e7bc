"""A 1×1 merged into the convolution after it, by the maps of both and by hand."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from viz.layers.merging import as_kernels, as_matrix, merged


def conv(inputs: int, outputs: int, kernel: Any, **arguments: Any) -> nn.Conv2d:
    torch.manual_seed(inputs + outputs)
    return nn.Conv2d(inputs, outputs, kernel, **arguments).double().requires_grad_(False)


def maps(channels: int, height: int = 13, width: int = 11) -> Tensor:
    generator = torch.Generator().manual_seed(0)
    return torch.randn(channels, height, width, generator=generator, dtype=torch.float64)


WINDOWS: tuple[dict[str, Any], ...] = (
    {"kernel": 3},
    {"kernel": (1, 5), "stride": 2},
    {"kernel": 3, "dilation": (2, 1), "bias": False},
    {"kernel": 1, "padding": 0},
)


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("bias", [True, False])
def test_one_layer_gives_the_maps_of_both(window: dict[str, Any], bias: bool):
    first, then = conv(4, 3, 1, bias=bias), conv(3, 5, **window)
    layer = merged(first, then)
    assert (layer.bias is None) == (not bias and then.bias is None)
    torch.testing.assert_close(layer(maps(4)), then(first(maps(4))))


@pytest.mark.parametrize("padding", [1, 2])
def test_with_padded_zeros_a_bias_of_the_1x1_differs_only_at_the_border(padding: int):
    """Where a tap is in the padding, and by exactly the bias of those taps."""
    first, then = conv(4, 3, 1), conv(3, 5, 2 * padding + 1, padding=padding)
    difference = merged(first, then)(maps(4)) - then(first(maps(4)))
    inside = difference[:, padding:-padding, padding:-padding]
    torch.testing.assert_close(inside, torch.zeros_like(inside), atol=1e-12, rtol=0)
    for output, row, column in product(range(5), (0, 1), (0, 3)):
        taps = product(range(2 * padding + 1), repeat=2)
        outside = [(i, j) for i, j in taps if row + i < padding or column + j < padding]
        missing = sum(float(then.weight[output, :, i, j] @ first.bias) for i, j in outside)
        assert float(difference[output, row, column]) == pytest.approx(missing)
    assert float(difference.abs().max()) > 0.01


def test_without_that_bias_padded_zeros_do_not_matter():
    first, then = conv(4, 3, 1, bias=False), conv(3, 5, 5, padding=2)
    torch.testing.assert_close(merged(first, then)(maps(4)), then(first(maps(4))))


def test_a_row_of_the_matrix_is_one_tap_of_one_output():
    kernels = conv(4, 3, (2, 5)).weight
    matrix = as_matrix(kernels)
    for at, (output, i, j) in enumerate(product(range(3), range(2), range(5))):
        assert torch.equal(matrix[at], kernels[output, :, i, j])
    assert torch.equal(as_kernels(matrix, (2, 5)), kernels)


def test_the_merged_matrix_is_the_product_and_has_no_higher_rank():
    first, then = conv(9, 3, 1), conv(3, 5, 3)
    matrix = as_matrix(merged(first, then).weight)
    torch.testing.assert_close(matrix, as_matrix(then.weight) @ first.weight[:, :, 0, 0])
    assert torch.linalg.matrix_rank(matrix) == 3


@pytest.mark.parametrize(
    ("first", "then", "sentence"),
    [
        (conv(4, 3, 3), conv(3, 5, 3), "only a plain 1×1 merges"),
        (conv(4, 3, 1, stride=2), conv(3, 5, 3), "only a plain 1×1 merges"),
        (conv(4, 3, 1), conv(3, 6, 3, groups=3), "only a plain 1×1 merges"),
        (conv(4, 3, 1), conv(4, 5, 3), "4 channels do not come from 3"),
    ],
)
def test_other_layers_are_refused(first: nn.Conv2d, then: nn.Conv2d, sentence: str):
    with pytest.raises(ValueError, match=sentence):
        merged(first, then)
