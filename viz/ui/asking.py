"""Work for the one queue that computes everything, asked for by a page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import streamlit as st

from viz.ui.lesson import Inputs
from viz.ui.text import _
from viz.ui.visitor import visitor

if TYPE_CHECKING:
    from viz.run import Panel

SECONDS = 60
SHOWN_PX = 512  # of a map in a strip: no picture is larger, and holes are not averaged away
T = TypeVar("T")


def asked(what: str, inputs: Inputs, work: Callable[[], T]) -> T | None:
    """Has `work` done in the queue; None, said so, if it is full.

    Args:
        what: names the work; a visitor's newer work of that name takes the older one's place.
        inputs: what the work depends on.
    """
    from viz.run import QUEUE, Busy, Superseded

    # a program names the picture's file: visitors who call it differently share no answer
    key = (what, inputs.view, inputs.setting, inputs.focus.key, inputs.named.name)
    try:
        return QUEUE.ask((visitor().token, what), key, work).result(timeout=SECONDS)
    except (Busy, TimeoutError):
        st.info(_("The server is busy just now. Change anything, or reload, to ask again."))
    except Superseded:
        pass  # a newer run of this page asks for the same and will show it
    return None


def measured(what: str, inputs: Inputs, measure: Callable[[Any], T]) -> T | None:
    """What `measure` makes of the picture's pixels on the chosen device, brought back."""
    from viz import devices
    from viz.run import measured as on_device

    device = devices.chosen(inputs.view.device)
    return asked(what, inputs, lambda: on_device(measure, inputs.focus, device))


def packed(what: str, inputs: Inputs, panels: Sequence[Panel]) -> bytes | None:
    """Panels as the buffer of a strip."""
    from viz.run import strip

    return asked(what, inputs, lambda: strip(panels, SHOWN_PX))
