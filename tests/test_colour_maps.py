"""The diverging colour maps: both signs alike, told apart by any eye, quiet in the middle."""

from __future__ import annotations

import json
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from viz.assets import ROOT

STOPS = json.loads((ROOT / "assets" / "colours.json").read_text(encoding="utf-8"))
DARK = ("activation_dark", "weight_dark")
LIGHT = ("activation", "weight")
DARK_GROUND, LIGHT_GROUND = "#171614", "#ffffff"  # about Streamlit's own

# Machado, Oliveira, Fernandes 2009: protanopia and deuteranopia, on linear light.
DICHROMATS = [
    [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
]

Numbers = np.ndarray[Any, np.dtype[np.float64]]


def linear(*stops: str) -> Numbers:
    """Linear light `(N, 3)` of hexadecimal colours."""
    coded = np.array([list(bytes.fromhex(stop[1:])) for stop in stops]) / 255
    return np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)


def oklab(light: Numbers) -> Numbers:
    """Lightness and two axes of colour `(N, 3)`, Ottosson 2020."""
    cones = light.clip(0, 1) @ np.array(
        [[0.4122, 0.2119, 0.0883], [0.5363, 0.6807, 0.2817], [0.0514, 0.1074, 0.6300]]
    )
    mixed = [[0.2105, 1.9780, 0.0259], [0.7936, -2.4286, 0.7828], [-0.0041, 0.4506, -0.8087]]
    found: Numbers = np.cbrt(cones) @ np.array(mixed)
    return found


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, contrast ratio."""
    low, high = sorted(linear(one, other) @ np.array([0.2126, 0.7152, 0.0722]))
    return float((high + 0.05) / (low + 0.05))


@pytest.mark.parametrize(
    ("name", "sign"), [*((name, 1) for name in DARK), *((name, -1) for name in LIGHT)]
)
def test_lightness_goes_one_way_from_the_middle_to_both_ends(name: str, sign: int) -> None:
    lightness = oklab(linear(*STOPS[name]))[:, 0]
    middle = len(lightness) // 2
    assert (sign * np.diff(lightness[middle:]) > 0.02).all()
    assert (sign * np.diff(lightness[middle::-1]) > 0.02).all()


@pytest.mark.parametrize("name", DARK)
def test_steps_of_lightness_are_even_and_the_same_on_both_sides(name: str) -> None:
    lightness = oklab(linear(*STOPS[name]))[:, 0]
    middle = len(lightness) // 2
    steps = np.diff(lightness[middle:])
    assert steps.max() < 1.15 * steps.min()
    np.testing.assert_allclose(lightness, lightness[::-1], atol=0.01)


@pytest.mark.parametrize("name", DARK)
def test_in_the_dark_the_middle_does_not_glare_and_the_ends_do_not_hide(name: str) -> None:
    stops = STOPS[name]
    middle = stops[len(stops) // 2]
    assert contrast(middle, DARK_GROUND) < 1.3
    assert np.abs(oklab(linear(middle))[0, 1:]).max() < 0.01  # a neutral
    for end in (stops[0], stops[-1]):
        assert contrast(end, DARK_GROUND) > 7


@pytest.mark.parametrize("ground", [DARK_GROUND, LIGHT_GROUND])
def test_branches_stand_out_on_both_grounds(ground: str) -> None:
    assert all(contrast(hue, ground) > 2.8 for hue in STOPS["branches"].values())


every_eye = pytest.mark.parametrize(
    "seen", [np.eye(3), *map(np.array, DICHROMATS)], ids=["all", "no red", "no green"]
)


@every_eye
def test_branches_are_told_apart_by_colour_blind_eyes(seen: Numbers) -> None:
    found = oklab(linear(*STOPS["branches"].values()) @ seen.T)
    assert min(np.linalg.norm(a - b) for a, b in combinations(found, 2)) > 0.1


@pytest.mark.parametrize("name", DARK)
@every_eye
def test_signs_are_told_apart_by_colour_blind_eyes(name: str, seen: Numbers) -> None:
    found = oklab(linear(*STOPS[name]) @ seen.T)
    apart = np.linalg.norm(found - found[::-1], axis=1)[: len(found) // 2 - 1]
    assert apart.min() > 0.06


def orientations() -> Numbers:
    """Linear light of the cyclic map, every 15°."""
    return linear(*STOPS["orientation"][:-1])


@every_eye
def test_orientations_are_told_apart_by_colour_blind_eyes(seen: Numbers) -> None:
    """Those 30° apart or more: for any eye the map is a circle, never folded onto a line."""
    found = oklab(orientations() @ seen.T)
    steps = len(found)
    for apart in range(2, steps // 2 + 1):
        distances = np.linalg.norm(found - np.roll(found, apart, axis=0), axis=1)
        assert distances.min() > 0.07, f"{180 / steps * apart}° apart"


def test_orientations_go_around_in_even_steps_and_stand_out_on_both_grounds() -> None:
    stops = STOPS["orientation"]
    assert stops[0] == stops[-1]
    assert len(stops) == 13
    found = oklab(orientations())
    steps = np.linalg.norm(found - np.roll(found, 1, axis=0), axis=1)
    assert steps.max() < 1.4 * steps.min()
    for ground in (DARK_GROUND, LIGHT_GROUND):
        assert min(contrast(hue, ground) for hue in stops) > 2.8
