"""Work for the one queue that computes everything, asked for by a page."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import streamlit as st

from viz.ui.lesson import Inputs
from viz.ui.text import _
from viz.ui.visitor import visitor

SECONDS = 60


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


def asked(what: str, key: Hashable, work: Callable[[], Any]) -> Any:
    """Has `work` done in the queue; None, said so, if that is full or the work too large.

    Args:
        what: names the work; a visitor's newer work of that name takes the older one's place.
        key: what the work depends on; equal keys share one computation.
        work: computes it, or returns a generator that does so step by step.
    """
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
        st.info(_("The server is busy. Change a setting, or reload the page, to try again."))
    except TooLarge as too_large:
        st.info(_(str(too_large)))
    except Superseded:
        pass  # a newer run of this page asks for the same and will show it


def of_view(what: str, inputs: Inputs) -> Hashable:
    """A key for work that depends on all that a view says.

    A program names the picture's file: visitors who call it differently share no answer.
    """
    return (what, inputs.view, inputs.setting, inputs.focus.key, inputs.named.name)
