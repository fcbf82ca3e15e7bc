"""The crop against a padding with negative numbers, and on maps that are too small to crop."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F

from viz.layers.crop import CentreCrop, GrownSquare, centre_crop, grown_square


@pytest.mark.parametrize(("height", "width"), [(9, 12), (5, 5), (4, 9), (6, 3)])
def test_a_crop_is_a_padding_below_zero(height: int, width: int):
    x = torch.arange(2.0 * height * width).view(2, height, width)
    (top, bottom), (left, right) = (
        (max(0, length - 5) // 2, max(0, length - 5) - max(0, length - 5) // 2)
        for length in (height, width)
    )
    assert torch.equal(centre_crop(x, 5), F.pad(x, (-left, -right, -top, -bottom)))
    assert torch.equal(CentreCrop(5)(x[None])[0], centre_crop(x, 5))


@pytest.mark.parametrize("size", [(3, 9), (10, 4), (6, 6)])
def test_every_square_has_the_smaller_ones_inside_it(size: tuple[int, int]):
    x = torch.rand(2, *size) + 1
    inner = grown_square(x, 4, inner_px=4, step_px=3)
    for steps in range(4):
        outer = grown_square(x, 4 + 3 * steps, inner_px=4, step_px=3)
        first = 3 * ((steps + 1) // 2)
        assert torch.equal(outer[:, first : first + 4, first : first + 4], inner)
        assert outer.shape == (2, 4 + 3 * steps, 4 + 3 * steps)


def test_a_square_around_a_small_map_is_the_map_and_zeros():
    x = torch.rand(1, 2, 3) + 1
    found = GrownSquare(9, inner_px=5, step_px=2)(x[None])[0]
    assert torch.equal(found[found > 0], x.flatten())
    assert found.nonzero()[:, 1].unique().tolist() == [3, 4]
