"""Work for the one queue that computes everything, asked for by a page."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import streamlit as st

from viz.ui.lesson import Inputs
from viz.ui.text import _
from viz.ui.visitor import visitor

if TYPE_CHECKING:
    from viz.run import Panel

SECONDS = 60
SHOWN_PX = 512  # of a map in a strip: no picture is larger, and holes are not averaged away
T = TypeVar("T")


class Waiting(NamedTuple):
    """Who waits for an answer: a visitor's token, and the address that the visitor comes from."""

    token: str
    address: str


def waiting() -> Waiting:
    """The visitor whose page is being written."""
    from viz.run import share_of

    return Waiting(visitor().token, share_of(st.context.ip_address))


def answer(
    who: Waiting, what: str, key: Hashable, work: Callable[[], Any], seconds: float = SECONDS
) -> Any:
    """What `work` gives, or returns in the end where it is slices, in the visitor's turn.

    Args:
        what: names the work; a visitor's newer work of that name takes the older one's place.
        key: what the work depends on; equal keys share one computation.
        seconds: how long it may take; after that nobody waits for it, and it is dropped.

    Raises:
        Busy, Superseded: as the queue says.
        TimeoutError: if it took too long.
    """
    from viz.run import QUEUE

    future = QUEUE.ask((who.token, what), key, work, visitor=who.token, address=who.address)
    try:
        return future.result(timeout=seconds)
    finally:
        future.cancel()


def asked(what: str, inputs: Inputs, work: Callable[[], T]) -> T | None:
    """Has `work` done in the queue; None, said so, if that is full or the work too large.

    Args:
        what: names the work; a visitor's newer work of that name takes the older one's place.
        inputs: what the work depends on.
    """
    # a program names the picture's file: visitors who call it differently share no answer
    key = (what, inputs.view, inputs.setting, inputs.focus.key, inputs.named.name)
    with explained():
        return answer(waiting(), what, key, work)
    return None


@contextmanager
def explained() -> Iterator[None]:
    """Says on the page why there is no answer, if the queue is full or the work too large."""
    from viz.run import Busy, Superseded
    from viz.run.budget import TooLarge

    try:
        yield
    except (Busy, TimeoutError):
        st.info(_("The server is busy just now. Change anything, or reload, to ask again."))
    except TooLarge as too_large:
        st.info(_(str(too_large)))
    except Superseded:
        pass  # a newer run of this page asks for the same and will show it


def measured(what: str, inputs: Inputs, measure: Callable[[Any], T]) -> T | None:
    """What `measure` makes of the picture's pixels on the chosen device, brought back."""
    from viz import devices
    from viz.run import measured as on_device

    device = devices.chosen(inputs.view.device)
    return asked(what, inputs, lambda: on_device(measure, inputs.focus, device))


def packed(what: str, inputs: Inputs, panels: Sequence[Panel]) -> bytes | None:
    """Panels as the buffer of a strip."""
    from viz.run import panels_buffer

    return asked(what, inputs, lambda: panels_buffer(panels, SHOWN_PX))
