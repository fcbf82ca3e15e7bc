"""A perceptron drawn as a network, with the numbers of the pixel under the pointer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from viz.ui import text
from viz.ui.component import component
from viz.ui.lesson import Inputs
from viz.ui.visitor import visitor
from viz.view import View

if TYPE_CHECKING:
    from viz.lessons.blocks import PixelNetwork

_COMPONENT = component("pixel_network", '<div class="network"></div>')


def pixel_network(inputs: Inputs, block: PixelNetwork) -> None:
    """Draws a PixelNetwork; the browser asks our route for the numbers of other pixels."""
    _COMPONENT(key=block.key, data={**asking(inputs), **data(block, inputs.focus.pixels.shape)})


def asking(inputs: Inputs) -> Mapping[str, Any]:
    """What the browser needs to ask for the numbers and the photo of what is drawn."""
    picture, size_px = inputs.focus.key, inputs.view.working_size_px
    view = View(picture=picture, working_size_px=size_px, device=inputs.view.device)
    # as the route reads it: against the opening of the lesson, for columns belong to no section
    query = inputs.lesson.opening().query(view, inputs.setting)
    query = {name: value for name, value in query.items() if name not in ("stage", "part")}
    return {
        "slug": inputs.lesson.slug,
        "token": visitor().token,
        "query": urlencode({**query, "picture": picture}),
        "photo": f"pictures/{picture}?working_size_px={size_px}",
        "words": dict(text.catalogue()),
    }


def data(block: PixelNetwork, shape: tuple[int, ...]) -> Mapping[str, Any]:
    """The network in plain numbers.

    Args:
        shape: `(3, H, W)`, of the picture.

    Raises:
        ValueError: if a matrix does not fit the layers on both sides, or the numbers do not fit
            theirs.
    """
    _check(block)
    side = block.reads_px
    return {
        "layers": [
            {
                "stage": each.stage,
                "title": text.said(each.title),
                "names": list(each.names),
                "low": each.activations[0],
                "high": each.activations[1],
            }
            for each in block.layers
        ],
        "weights": [
            {"matrix": matrix.tolist(), "rectified": rectified}
            for matrix, rectified in zip(block.weights, block.rectified, strict=True)
        ],
        "boxes": {
            "shape": list(shape),
            "size": [side, side],
            "stride": [1, 1],
            "padding": [side // 2, side // 2],
        },
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
