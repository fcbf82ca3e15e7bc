"""Maxima of shifted maps against torch's own pool."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from hypothesis import assume, given
from hypothesis import strategies as st

from viz.layers.max_pooling import max_pool

SIDES = st.integers(1, 15)


@given(st.integers(1, 5), st.integers(1, 4), st.integers(0, 2), SIDES, SIDES, st.booleans())
def test_equals_torch_bit_for_bit(size, stride, padding, height, width, batched):
    assume(padding <= size // 2 and min(height, width) + 2 * padding >= size)
    x = torch.randn(*[2] * batched, 3, height, width)
    theirs = F.max_pool2d(x, size, stride, padding)
    assert torch.equal(max_pool(x, size, stride=stride, padding=padding), theirs)


def test_a_map_smaller_than_the_window_is_refused():
    with pytest.raises(ValueError, match=r"3 px does not fit maps of \(1, 2, 9\)"):
        max_pool(torch.zeros(1, 2, 9), 3)


def test_runs_on_every_device(device):
    x = torch.randn(2, 7, 9)
    assert torch.equal(max_pool(x.to(device), 3, padding=1).cpu(), max_pool(x, 3, padding=1))
