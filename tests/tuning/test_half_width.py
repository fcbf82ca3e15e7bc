"""Half-widths of measured curves against a search in small steps."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from viz.tuning import half_widths_degrees

ORIENTATIONS = np.arange(0, 180, 15.0)
CURVES = arrays.arrays(
    np.float64, len(ORIENTATIONS), elements=st.integers(0, 100).map(float)
).filter(lambda curve: curve.max() > 0)


def by_search(curve: np.ndarray) -> float:
    """From the peak outwards in steps of 0.01°, on both sides."""
    n, peak = len(curve), int(curve.argmax())
    parabola = np.polyfit([-15, 0, 15], curve[[peak - 1, peak, (peak + 1) % n]], 2)
    top = curve[peak]
    if parabola[0] < -1e-9:
        top = np.polyval(parabola, -parabola[1] / (2 * parabola[0]))
    steps = np.arange(0, 180, 0.01)
    found = []
    for way in (1, -1):
        on_line = np.interp(
            (ORIENTATIONS[peak] + way * steps) % 180, ORIENTATIONS, curve, period=180
        )
        below = np.nonzero(on_line < top / 2)[0]
        found.append(steps[below[0]] if len(below) else math.nan)
    return sum(found) / 2


@given(CURVES)
def test_half_width_is_where_a_search_finds_it(curve):
    wanted = by_search(curve)
    (found,) = half_widths_degrees(torch.tensor(curve)[None], torch.tensor(ORIENTATIONS))
    assert float(found) == pytest.approx(wanted, abs=0.02, nan_ok=True)


@given(CURVES, st.permutations(range(len(ORIENTATIONS))))
def test_the_order_of_the_orientations_does_not_matter(curve, order):
    assume((curve == curve.max()).sum() == 1)
    curves, degrees = torch.tensor(curve)[None], torch.tensor(ORIENTATIONS)
    found = half_widths_degrees(curves[:, order], degrees[order])
    torch.testing.assert_close(found, half_widths_degrees(curves, degrees), equal_nan=True)


def test_a_flat_curve_has_none():
    assert half_widths_degrees(torch.ones(1, 6), torch.arange(0.0, 180, 30)).isnan().all()


def test_an_orientation_that_was_shown_twice_does_no_harm():
    """0° and 180° are the same bars."""
    once = torch.arange(0.0, 180, 15)
    curve = torch.exp(-(((once + 90) % 180 - 90) / 20).square())
    twice = torch.cat([once, torch.tensor([180.0])])
    found = half_widths_degrees(torch.cat([curve, curve[:1]])[None], twice)
    torch.testing.assert_close(found, half_widths_degrees(curve[None], once))
