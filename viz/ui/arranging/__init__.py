"""A page with small pictures on it, which the visitor drags to their places."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from viz.settings import MAX_PLACED, PlacedValues
from viz.ui.by_hand import OnChange, by_hand
from viz.ui.component import component

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
    on_arrange: OnChange,
) -> None:
    """Shows the page.

    Args:
        pictures: `(kinds, side, side)`, from 0, paper, to 1, ink; kinds of one name follow one
            another, as many for each name.
        names: of the pictures, one for each kind.
        page_px: height and width of the page.
        placed: see `viz.settings.Placements`.
        key, disabled, on_arrange: see `viz.ui.by_hand`.
    """
    data = {
        "pictures": (LEVELS * pictures.reshape(len(names), -1)).round().astype(int).tolist(),
        "side": pictures.shape[-1],
        "names": list(names),
        "page": page_px,
    }
    by_hand(
        _COMPONENT,
        placed,
        data,
        key=key,
        numbers=3,
        most=MAX_PLACED,
        disabled=disabled,
        on_change=on_arrange,
    )
