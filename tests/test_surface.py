"""A surface before the browser: what it is given, and what it refuses."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from viz.lessons.blocks import Surface
from viz.text import text
from viz.ui.surface import data


def given(numbers: Any) -> dict[str, Any]:
    return data(Surface("one", "45°", numbers, text("{n} numbers", n=4)))


def test_the_browser_gets_heights_and_what_they_stand_for():
    said = given(np.array([[0.5, -0.25], [0.0, 0.125]], np.float32))
    assert json.loads(json.dumps(said)) == said
    assert said["heights"] == [[1.0, -0.5], [0.0, 0.25]]
    assert (said["peak"], said["title"], said["alt"]) == (0.5, "45°", "4 numbers")


def test_a_kernel_of_zeros_is_flat():
    said = given(np.zeros((3, 2)))
    assert (said["heights"], said["peak"]) == ([[0.0, 0.0]] * 3, 0.0)


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        (np.zeros((1, 5)), r"\(1, 5\)"),
        (np.zeros((66, 5)), r"\(66, 5\)"),
        (np.zeros((2, 5, 5)), r"\(2, 5, 5\)"),
        (np.array([[0.0, np.nan], [1.0, 0.0]]), "finite"),
    ],
)
def test_what_cannot_be_drawn_is_refused(numbers: Any, message: str):
    with pytest.raises(ValueError, match=message):
        given(numbers)
