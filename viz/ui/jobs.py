"""Jobs of a page for the queue that computes everything."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import streamlit as st

from viz.addresses import share_of
from viz.ui.lesson import Inputs
from viz.ui.text import _
from viz.ui.visitor import visitor

SECONDS = 60


class Waiting(NamedTuple):
    """The sender of a request: a visitor's token and client address."""

    token: str
    address: str


def waiting() -> Waiting:
    """The visitor whose page is running."""
    return Waiting(visitor().token, share_of(st.context.ip_address))


def answer(
    who: Waiting, what: str, key: Hashable, work: Callable[[], Any], seconds: float = SECONDS
) -> Any:
    """The result of `work`, or of its slices, when it is the visitor's turn.

    Args:
        what: names the work; a visitor's newer work of that name takes the older one's place.
        key: what the work depends on; equal keys share one computation.
        seconds: the time limit, after which the job is dropped.

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
    """The result of `work` from the queue; None, with a message, if it is refused or too large.

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
    """Shows a message instead of the result if the queue is full or the work too large."""
    from viz.run import Busy, Superseded
    from viz.run.budget import TooLarge

    try:
        yield
    except (Busy, TimeoutError):
        st.info(_("The server is busy. Change a setting, or reload the page, to try again."))
    except TooLarge as too_large:
        st.info(_(str(too_large)))
    except Superseded:
        pass  # a newer run of this page requests the same and will show it


def of_view(what: str, inputs: Inputs) -> Hashable:
    """The key of work that depends on the whole view.

    A program contains the picture's file name, so visitors with different names share no result.
    """
    return (what, inputs.view, inputs.setting, inputs.focus.key, inputs.named.name)
