"""The photo with rectangles of several classes, which the visitor draws by hand."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence

from viz.settings import MAX_BOXES, BoxValues
from viz.ui import text
from viz.ui.component import component
from viz.ui.told import are_rows, revision, told

HEIGHT_PX = 600
_COMPONENT = component("painting", '<div class="painting"></div>')


def painting(
    buffer: bytes,
    boxes: BoxValues,
    *,
    key: str,
    classes: Sequence[str],
    disabled: bool,
    on_paint: Callable[[list[list[int]]], None],
) -> None:
    """Shows the photo and its rectangles.

    Args:
        buffer: the photo as the only panel of `run.panels.panels_buffer`.
        boxes: the rectangles.
        key: the component's key, which stays the same while its data changes.
        classes: the names of the classes.
        disabled: whether nothing can be drawn.
        on_paint: called with all rectangles after each change; their numbers may be anything.
    """

    def painted() -> None:
        said = told(key, "painted").get("boxes")
        if are_rows(said, 5):
            on_paint(said)

    data = {
        "buffer": base64.b64encode(buffer).decode(),
        "boxes": boxes,
        "classes": list(classes),
        "most": MAX_BOXES,
        "height_px": HEIGHT_PX,
        "disabled": disabled,
        "revision": revision(told(key, "painted")),
        "words": dict(text.catalogue()),
    }
    _COMPONENT(key=key, data=data, on_painted_change=painted)
