"""An orientation map before the browser: bytes of hue and light, and what it refuses."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from viz.lessons.blocks import OrientationMap
from viz.text import text
from viz.ui.orientation_map import data

SHAPE = (3, 20, 30)
STRENGTH = torch.linspace(0, 1, 600).reshape(20, 30)
MAP = OrientationMap(
    "one",
    stage="bank",
    orientations_degrees=[0, 90],
    phases=2,
    degrees=torch.full((20, 30), 44.6),
    strength=STRENGTH,
    reads_px=5,
    pixel=(3, 4),
    responses=torch.tensor([0.5, 0.25]),
    alt=text("{n} orientations", n=2),
)


def levels(said: Any, name: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(said[name]), np.uint8).reshape(SHAPE[1:])


def test_the_browser_gets_plain_numbers_and_whole_degrees():
    said = data(MAP, SHAPE)
    assert json.loads(json.dumps(said)) == said
    assert (levels(said, "hues") == 45).all()
    assert said["numbers"] == {"pixel": [3, 4], "responses": [0.5, 0.25]}
    assert said["boxes"]["padding"] == [2, 2]


def test_degrees_just_below_180_are_those_of_0():
    said = data(replace(MAP, degrees=torch.full((20, 30), 179.8)), SHAPE)
    assert (levels(said, "hues") == 0).all()


def test_light_is_proportional_to_strength_up_to_what_nearly_all_stay_below():
    said = data(MAP, SHAPE)
    light = (levels(said, "lights") / 255) ** 2.2  # what a screen makes of it
    strength = STRENGTH.numpy()
    beyond = strength > said["reach"]
    assert 0.01 < beyond.mean() < 0.03
    np.testing.assert_allclose(
        light[~beyond], strength[~beyond] / said["reach"], atol=2.2 * 0.5 / 255
    )
    assert (light[beyond] == 1).all()


def test_where_nothing_responds_it_is_dark():
    said = data(replace(MAP, strength=torch.zeros(20, 30)), SHAPE)
    assert said["reach"] == 0
    assert not levels(said, "lights").any()


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"strength": torch.zeros(20, 29)}, r"\(20, 29\) of a picture \(20, 30\)"),
        ({"degrees": torch.zeros(9, 30)}, r"\(9, 30\)"),
        ({"responses": torch.zeros(3)}, "3 responses to 2 orientations"),
    ],
)
def test_what_does_not_fit_is_refused(fields: dict[str, Any], message: str):
    with pytest.raises(ValueError, match=message):
        data(replace(MAP, **fields), SHAPE)
