"""The crop against a padding with negative numbers, and on maps that are too small to crop."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F

from viz.layers.crop import CentreCrop, centre_crop


@pytest.mark.parametrize(("height", "width"), [(9, 12), (5, 5), (4, 9), (6, 3)])
def test_a_crop_is_a_padding_below_zero(height: int, width: int):
    x = torch.arange(2.0 * height * width).view(2, height, width)
    (top, bottom), (left, right) = (
        (max(0, length - 5) // 2, max(0, length - 5) - max(0, length - 5) // 2)
        for length in (height, width)
    )
    assert torch.equal(centre_crop(x, 5), F.pad(x, (-left, -right, -top, -bottom)))
    assert torch.equal(CentreCrop(5)(x[None])[0], centre_crop(x, 5))
