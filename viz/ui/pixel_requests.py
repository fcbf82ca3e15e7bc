"""What a component of a section needs to request the numbers of single pixels from our route."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from viz.ui import text
from viz.ui.lesson import Inputs
from viz.ui.visitor import visitor
from viz.view import View


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
        "language": text.language(),
    }


def square_boxes(side_px: int, shape: tuple[int, ...]) -> Mapping[str, list[int]]:
    """What each pixel of a map as large as the picture reads: a square around it.

    Args:
        side_px: of the square, odd.
        shape: `(3, H, W)`, of the picture.

    >>> square_boxes(5, (3, 9, 12))["padding"]
    [2, 2]
    """
    half = side_px // 2
    return {
        "shape": list(shape),
        "size": [side_px, side_px],
        "stride": [1, 1],
        "padding": [half, half],
    }
