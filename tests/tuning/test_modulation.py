"""Mean, first harmonic and modulation depth against numpy's transform and known ratios."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from viz.tuning import harmonics, modulation_depth, modulation_depths

RESPONSES = arrays.arrays(np.float64, (3, 12), elements=st.floats(-5, 5))


@given(RESPONSES)
def test_harmonics_are_those_of_the_fourier_transform(responses):
    f0, f1 = harmonics(torch.tensor(responses))
    spectrum = np.fft.rfft(np.maximum(responses, 0))
    np.testing.assert_allclose(f0.numpy(), np.abs(spectrum[:, 0]) / 12, atol=1e-12)
    np.testing.assert_allclose(f1.numpy(), 2 * np.abs(spectrum[:, 1]) / 12, atol=1e-12)
    assert (harmonics(torch.tensor(responses)).response.numpy() >= 0).all()


PHASE = torch.arange(720, dtype=torch.float64).mul(0.5).deg2rad()


@pytest.mark.parametrize(
    ("response", "ratio", "depth"),
    [
        (PHASE.cos(), math.pi / 2, 1.0),
        (PHASE.cos().square(), 0.0, 1.0),
        (PHASE.cos().square() + PHASE.sin().square(), 0.0, 0.0),
        (3 + PHASE.cos(), 1 / 3, 1 / 3),
    ],
    ids=["half-rectified", "squared", "energy", "offset"],
)
def test_ratio_and_depth_of_known_responses(response, ratio, depth):
    f0, f1 = harmonics(response)
    assert float(f1 / f0) == pytest.approx(ratio, abs=1e-4)
    assert float(modulation_depths(response)) == pytest.approx(depth, abs=1e-9)


@given(RESPONSES.map(np.abs))
def test_depths_of_many_are_the_depth_of_each(responses):
    for one, depth in zip(responses, modulation_depths(torch.tensor(responses)), strict=True):
        if one.max() == 0:
            assert math.isnan(depth)
        else:
            assert float(depth) == pytest.approx(modulation_depth(torch.tensor(one)))
