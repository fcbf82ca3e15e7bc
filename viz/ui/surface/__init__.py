"""A surface: the numbers of a small grid as heights above it, seen from a side that turns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from viz.ui import text
from viz.ui.component import component

if TYPE_CHECKING:
    from viz.lessons.blocks import Surface

MIN_SIDE, MAX_SIDE = 2, 65
DIGITS = 4  # of a height; a 10,000th of it is less than a pixel of the screen

_COMPONENT = component("surface", '<div class="surface" role="group"></div>')


def surface(block: Surface) -> None:
    """Places a Surface, with its play and pause and its slider."""
    _COMPONENT(key=block.key, data=data(block))


def data(block: Surface) -> dict[str, Any]:
    """The data for the browser: plain numbers.

    Raises:
        ValueError: if the numbers are not a grid of 2 to 65 a side, or one of them is not finite.
    """
    numbers = np.asarray(block.numbers, dtype=float)
    if numbers.ndim != 2 or not MIN_SIDE <= min(numbers.shape) <= max(numbers.shape) <= MAX_SIDE:
        raise ValueError(f"a surface is a grid of {MIN_SIDE} to {MAX_SIDE}, not {numbers.shape}")
    if not np.isfinite(numbers).all():
        raise ValueError("every number of a surface must be finite")
    peak = float(np.abs(numbers).max())
    return {
        "title": text.said(block.title),
        "heights": (numbers / (peak or 1.0)).round(DIGITS).tolist(),
        "peak": peak,
        "turn": block.turn_degrees,
        "alt": text.said(block.alt),
        "language": text.language(),
    }
