"""A page with small pictures on it, which the visitor drags to their places."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from viz.settings import MAX_PLACED, PlacedValues
from viz.ui import text
from viz.ui.component import component
from viz.ui.told import are_rows, revision, told

LEVELS = 255
_COMPONENT = component("arranging", '<div class="arranging"></div>')


def arranging(
    pictures: np.ndarray[Any, np.dtype[np.float32]],
    names: Sequence[str],
    page_px: tuple[int, int],
    placed: PlacedValues,
    *,
    key: str,
    disabled: bool,
    on_arrange: Callable[[list[list[int]]], None],
) -> None:
    """Shows the page.

    Args:
        pictures: `(kinds, side, side)`, from 0, paper, to 1, ink; kinds of one name follow one
            another, as many for each name.
        names: of the pictures, one for each kind.
        page_px: height and width of the page.
        placed: see `viz.settings.Placements`; a later picture lies over an earlier one.
        key: the component's key, which stays the same while its data changes.
        disabled: whether nothing can be moved.
        on_arrange: called with all pictures after each change; their numbers may be anything.
    """

    def arranged() -> None:
        said = told(key, "arranged").get("placed")
        if are_rows(said, 3):
            on_arrange(said)

    data = {
        "pictures": (LEVELS * pictures.reshape(len(names), -1)).round().astype(int).tolist(),
        "side": pictures.shape[-1],
        "names": list(names),
        "page": page_px,
        "placed": placed,
        "most": MAX_PLACED,
        "disabled": disabled,
        "revision": revision(told(key, "arranged")),
        "words": dict(text.catalogue()),
    }
    _COMPONENT(key=key, data=data, on_arranged_change=arranged)
