"""The orientation map: the vector sum by complex numbers, a star whose arms have known angles."""

from __future__ import annotations

import json
from typing import Any

import make
import pytest
import torch
from looking import noise, shipped

from viz import lessons
from viz.lessons.blocks import OrientationMap
from viz.lessons.orientation.direction import Direction, direction, energies, upright_share

LESSON = lessons.load("orientation")
VECTORS = json.loads((make.HERE / "preferences.json").read_text(encoding="utf-8"))["preferences"]


@pytest.mark.parametrize("case", VECTORS, ids=lambda case: str(case["preferred"]))
def test_the_preferred_orientation_is_that_of_the_vector_sum(case: dict[str, Any]):
    responses = torch.tensor(case["responses"], dtype=torch.float64)[:, None, None]
    found = direction(responses, case["degrees"])
    apart = abs(float(found.degrees) - case["preferred"])
    assert min(apart, 180 - apart) < 1e-9
    assert float(found.strength) == pytest.approx(case["strength"], rel=1e-12, abs=1e-12)


def test_degrees_stay_below_180():
    responses = torch.rand(16, 64, 64, generator=torch.Generator().manual_seed(0))
    responses[0] += 5  # near 0°, on both sides of it
    found = direction(responses, [180 * n / 16 for n in range(16)]).degrees
    assert float(found.min()) >= 0
    assert float(found.max()) < 180
    assert bool((found > 170).any())
    just_below_0 = torch.tensor([1.0, 0.0, 0.0, 1e-9])[:, None, None]
    assert float(direction(just_below_0, [0, 45, 90, 135]).degrees) == 0


def test_energy_is_the_mean_of_squares_of_the_own_phases():
    maps = noise(3, 4, channels=6)
    found = energies(maps, 2)
    for o in range(3):
        expected = (maps[2 * o] ** 2 + maps[2 * o + 1] ** 2) / 2
        torch.testing.assert_close(found[o], expected)


def test_the_share_near_horizontal_and_upright():
    degrees = torch.arange(0.25, 180, 0.5)[None]
    even = Direction(degrees, torch.ones_like(degrees))
    assert upright_share(even) == pytest.approx(0.5, abs=0.01)
    at = Direction(torch.tensor([[2.0, 88.0, 179.0, 45.0]]), torch.tensor([[1.0, 2.0, 3.0, 4.0]]))
    assert upright_share(at) == pytest.approx(0.6)


def the_map(pixels: torch.Tensor, **fields: Any) -> OrientationMap:
    blocks = LESSON.section("map", LESSON.setting(**fields), pixels)
    return next(block for block in blocks if isinstance(block, OrientationMap))


@pytest.mark.parametrize("phases", [1, 2, 4])
def test_responses_are_those_of_the_square_and_the_1x1(phases: int):
    pixels = shipped("camera", 96)
    shown = the_map(pixels, phases=phases)
    maps = LESSON.network(LESSON.setting(phases=phases), pixels)(pixels)
    row, column = shown.pixel
    expected = maps[:, row, column]
    torch.testing.assert_close(torch.as_tensor(shown.responses), expected, rtol=1e-4, atol=1e-6)
    strengths = torch.as_tensor(shown.strength)
    assert strengths[row, column] == strengths.max()


def test_bars_have_their_own_orientation():
    """A star of bars: at a place in its arms the bars point to its middle."""
    side = 129
    steps = torch.arange(side) - side // 2
    up, right = torch.meshgrid(-steps, steps, indexing="ij")
    angle = torch.atan2(up.double(), right.double())
    star = (0.5 + 0.5 * torch.cos(24 * angle)).float().expand(3, -1, -1)
    shown = the_map(star, orientations=8)
    found = torch.as_tensor(shown.degrees)
    for degrees in (7.5, 52.5, 97.5, 142.5, 30.0):
        turn = torch.deg2rad(torch.tensor(degrees))
        row = side // 2 - round(float(31 * turn.sin()))
        column = side // 2 + round(float(31 * turn.cos()))
        expected = float(torch.rad2deg(angle[row, column])) % 180
        apart = abs(float(found[row, column]) - expected)
        assert min(apart, 180 - apart) < 4, degrees
