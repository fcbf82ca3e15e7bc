"""The preferred orientation of every pixel, and all responses of the pixel under the pointer."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from viz.ui import text
from viz.ui.component import component
from viz.ui.lesson import Inputs
from viz.ui.pixel_requests import asking, square_boxes

if TYPE_CHECKING:
    from viz.lessons.blocks import OrientationMap

SCREEN_GAMMA = 2.2  # light is emitted with this power of a colour's numbers
NEARLY_ALL = 0.98  # of the pixels are below full light

_COMPONENT = component("orientation_map", '<div class="orientations"></div>')


def orientation_map(inputs: Inputs, block: OrientationMap) -> None:
    """Draws an OrientationMap; the browser asks our route for the numbers of other pixels."""
    _COMPONENT(key=block.key, data={**asking(inputs), **data(block, inputs.focus.pixels.shape)})


def data(block: OrientationMap, shape: tuple[int, ...]) -> Mapping[str, Any]:
    """The map as two bytes a pixel, and the responses in plain numbers.

    The light of a pixel is proportional to its strength, up to the strength that nearly all pixels
    stay below.

    Args:
        shape: `(3, H, W)`, of the picture.

    Raises:
        ValueError: if the maps are not as large as the picture, or the responses are not as many
            as the orientations.
    """
    degrees, strength = np.asarray(block.degrees), np.asarray(block.strength)
    if not degrees.shape == strength.shape == tuple(shape[1:]):
        raise ValueError(f"maps {degrees.shape} and {strength.shape} of a picture {shape[1:]}")
    if len(block.responses) != len(block.orientations_degrees):
        raise ValueError(
            f"{len(block.responses)} responses to {len(block.orientations_degrees)} orientations"
        )
    reach = float(np.quantile(strength, NEARLY_ALL)) or float(strength.max())
    share = (strength / (reach or 1.0)).clip(0, 1)
    return {
        "stage": block.stage,
        "phases": block.phases,
        "degrees": [float(each) for each in block.orientations_degrees],
        "boxes": square_boxes(block.reads_px, shape),
        "hues": _bytes(degrees.round() % 180),
        "lights": _bytes((255 * share ** (1 / SCREEN_GAMMA)).round()),
        "reach": reach,
        "numbers": {"pixel": list(block.pixel), "responses": np.asarray(block.responses).tolist()},
        "alt": text.said(block.alt),
    }


def _bytes(levels: np.ndarray[Any, Any]) -> str:
    return base64.b64encode(levels.astype(np.uint8).tobytes()).decode()
