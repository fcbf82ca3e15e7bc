"""The square against numpy, and what it does that ReLU does not."""

from __future__ import annotations

import numpy as np
import torch

from viz.layers.activation import Square


def test_equals_numpy():
    x = torch.randn(2, 3, 4, 5)
    np.testing.assert_array_equal(Square()(x).numpy(), x.numpy() ** 2)


def test_both_signs_of_contrast_answer_alike():
    x = torch.randn(3, 4, 4)
    assert torch.equal(Square()(x), Square()(-x))


def test_runs_on_every_device(device):
    x = torch.randn(3, 4, 4)
    torch.testing.assert_close(Square()(x.to(device)).cpu(), x * x)


def test_runs_where_there_are_no_numbers():
    assert Square()(torch.empty(3, 4, 5, device="meta")).shape == (3, 4, 5)
