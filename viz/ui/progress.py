"""Long work on a page: a bar while it runs, the time it still takes, and a button to cancel it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Hashable
from concurrent.futures import CancelledError, wait
from typing import TYPE_CHECKING, TypeVar

import streamlit as st

from viz.progress import Reported, Steps
from viz.ui.jobs import explained, waiting
from viz.ui.text import _
from viz.ui.visitor import visitor

if TYPE_CHECKING:
    from viz.run import Ticket

T = TypeVar("T")
SHOWN_AFTER_S = 0.3  # what is done sooner shows no bar
LOOK_S = 0.2  # how often the page looks how far the work is, and whether it is to stop
LOOKS_A_DRAWING = 5  # a chart a second: the browser takes its time for each


def followed(
    what: str,
    key: Hashable,
    work: Callable[[], Steps[T]],
    draw: Callable[[T, str], None] | None = None,
) -> T | None:
    """What long work comes to. While it runs, the page shows how far it is.

    The page's run lasts as long as the work, so call this after everything else is on the page.
    A click meanwhile begins another run, and Streamlit ends this one where it looks next. The work
    goes on for a while without a page: the run that follows finds it, and so does a page that is
    reloaded. A newer key of the same name supersedes it.

    Args:
        what: names the work; a visitor's newer work of that name takes the older one's place.
        key: what the work depends on; equal keys share one computation and its result.
        work: returns the steps, see `viz.run.long_jobs.long_job`.
        draw: draws the newest that can be shown. It also gets a text that differs from call to
            call: elements that it draws need it in their keys, for Streamlit refuses a key that
            comes twice in a run.

    Returns:
        The result; None, said so, if it was cancelled, refused, or asked for anew.
    """
    from viz.run import long_jobs

    found = long_jobs.ready(key)
    if found is None and visitor().cancelled.get(what) == key:
        _say_cancelled(what)
        return None
    visitor().cancelled.pop(what, None)
    if found is not None:
        st.empty()  # so that what follows has its place whether or not there is a bar
        return found
    with explained():
        return _computed(what, key, work, draw)
    return None


def _computed(
    what: str, key: Hashable, work: Callable[[], Steps[T]], draw: Callable[[T, str], None] | None
) -> T | None:
    from viz.run import QUEUE, long_jobs

    who = waiting()
    ticket = QUEUE.ask(
        (who.token, what),
        key,
        lambda: long_jobs.long_job(key, work),
        visitor=who.token,
        address=who.address,
    )
    try:
        if ticket.reported is None:
            wait([ticket], SHOWN_AFTER_S)
        place = st.empty()
        if not ticket.done():
            with place.container():
                _follow(ticket, what, key, draw)
            place.empty()
        return ticket.result()
    except CancelledError:
        return None  # a newer run says so
    finally:
        ticket.detach()


def _follow(
    ticket: Ticket, what: str, key: Hashable, draw: Callable[[T, str], None] | None
) -> None:
    """Shows how far it is until it is done."""
    left, right = st.columns([5, 1], vertical_alignment="bottom")
    bar, newest, shown, drawn = left.empty(), st.empty(), None, None
    right.button(_("Cancel"), key=f"cancel_{what}", on_click=_cancel, args=(what, key))
    for look in itertools.count():
        visitor()  # Streamlit ends a run only inside its own functions; this one sends nothing
        reported = ticket.reported
        says = _says(reported)
        if says != shown:
            bar.progress(*says)
            shown = says
        found = reported and reported.progress.newest
        if draw and found is not None and found is not drawn and look % LOOKS_A_DRAWING == 0:
            drawn = found
            with newest.container():
                draw(found, f"{what}_{look}")
        if wait([ticket], LOOK_S).done:
            return


def _says(reported: Reported | None) -> tuple[float, str]:
    """Where the bar stands, and the words above it."""
    if reported is None:
        return 0.0, _("Waiting for other work …")
    sentence, left = _(reported.progress.sentence), reported.remaining_s
    text = sentence if left is None else f"{sentence} – {in_words(left)}"
    return reported.progress.fraction, text


def in_words(seconds: float) -> str:
    """How much longer something takes, as exactly as an estimate deserves.

    >>> in_words(3), in_words(12), in_words(80), in_words(200)
    ('a few seconds left', 'about 15 seconds left', 'about a minute left', 'about 3 minutes left')
    """
    if seconds <= 5:
        return _("a few seconds left")
    if seconds <= 55:
        return _("about {n} seconds left", n=5 * -int(-seconds // 5))
    minutes = round(seconds / 60)
    return _("about {n} minutes left", n=minutes) if minutes > 1 else _("about a minute left")


def _cancel(what: str, key: Hashable) -> None:
    """Runs in a thread of its own as soon as the click arrives, while the page still looks on."""
    from viz.run import QUEUE

    visitor().cancelled[what] = key
    QUEUE.cancel((visitor().token, what), key)


def _say_cancelled(what: str) -> None:
    with st.container():
        st.info(_("Cancelled."))
        st.button(_("Start again"), key=f"again_{what}", on_click=_start_again, args=(what,))


def _start_again(what: str) -> None:
    visitor().cancelled.pop(what, None)
