"""The photo with rectangles of several classes, which the visitor draws by hand."""

from __future__ import annotations

import base64
from collections.abc import Sequence

from viz.settings import MAX_BOXES, BoxValues
from viz.ui.by_hand import OnChange, by_hand
from viz.ui.component import component

HEIGHT_PX = 600
_COMPONENT = component("painting", '<div class="painting"></div>')


def painting(
    buffer: bytes,
    boxes: BoxValues,
    *,
    key: str,
    classes: Sequence[str],
    disabled: bool,
    on_paint: OnChange,
) -> None:
    """Shows the photo and its rectangles.

    Args:
        buffer: the photo as the only panel of `run.panels.panels_buffer`.
        boxes: the rectangles.
        classes: the names of the classes.
        key, disabled, on_paint: see `viz.ui.by_hand`.
    """
    data = {
        "buffer": base64.b64encode(buffer).decode(),
        "classes": list(classes),
        "height_px": HEIGHT_PX,
    }
    by_hand(
        _COMPONENT,
        boxes,
        data,
        key=key,
        numbers=5,
        most=MAX_BOXES,
        disabled=disabled,
        on_change=on_paint,
    )
