"""A perceptron drawn as a network, with the numbers of the pixel under the pointer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from viz.ui import text
from viz.ui.component import component
from viz.ui.lesson import Inputs
from viz.ui.pixel_requests import asking, square_boxes

if TYPE_CHECKING:
    from viz.lessons.blocks import PixelNetwork

_COMPONENT = component("pixel_network", '<div class="network"></div>')


def pixel_network(inputs: Inputs, block: PixelNetwork) -> None:
    """Draws a PixelNetwork; the browser asks our route for the numbers of other pixels."""
    _COMPONENT(key=block.key, data={**asking(inputs), **data(block, inputs.focus.pixels.shape)})


def data(block: PixelNetwork, shape: tuple[int, ...]) -> Mapping[str, Any]:
    """The network in plain numbers.

    Args:
        shape: `(3, H, W)`, of the picture.

    Raises:
        ValueError: if a matrix does not fit the layers on both sides, or the numbers do not fit
            theirs.
    """
    _check(block)
    return {
        "layers": [
            {
                "stage": each.stage,
                "title": text.said(each.title),
                "names": [text.named(name) for name in each.names],
                "low": each.activations[0],
                "high": each.activations[1],
            }
            for each in block.layers
        ],
        "weights": [
            {"matrix": matrix.tolist(), "rectified": rectified}
            for matrix, rectified in zip(block.weights, block.rectified, strict=True)
        ],
        "boxes": square_boxes(block.reads_px, shape),
        "numbers": {
            "pixel": list(block.pixel),
            "inputs": block.inputs.tolist(),
            "maps": block.maps.tolist(),
        },
        "alt": text.said(block.alt),
    }


def _check(block: PixelNetwork) -> None:
    units = [len(layer.names) for layer in block.layers]
    for n, matrix in enumerate(block.weights):
        if tuple(matrix.shape) != (units[n + 1], units[n]):
            raise ValueError(
                f"weights {tuple(matrix.shape)} do not fit {units[n]} and {units[n + 1]} units"
            )
    ends = len(block.inputs), len(block.maps)
    if ends != (units[0], units[-1]):
        raise ValueError(f"{ends} numbers do not fit layers of {units} units")
