"""Long work on a page: a progress bar, the remaining time, and a button to cancel it."""

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
SHOWN_AFTER_S = 0.3  # quicker work shows no bar
LOOK_S = 0.2  # interval at which the page reads the progress, and checks whether to stop
LOOKS_A_DRAWING = 5  # a chart a second: each takes the browser some time


def followed(
    what: str,
    key: Hashable,
    work: Callable[[], Steps[T]],
    draw: Callable[[T, str], None] | None = None,
) -> T | None:
    """The result of long work. While it runs, the page shows its progress.

    The page's run lasts as long as the work, so call this after everything else is on the page.
    A click meanwhile starts another run, and Streamlit ends this one at its next check. The work
    continues for a while without a page: the next run finds it, and so does a reloaded page. A
    newer key of the same name supersedes it.

    Args:
        what: names the work; a visitor's newer work of that name takes the older one's place.
        key: what the work depends on; equal keys share one computation and its result.
        work: returns the steps, see `viz.run.long_jobs.long_job`.
        draw: draws the newest partial result. It also gets a text that differs from call to call,
            which its elements need in their keys: Streamlit refuses a key that is used twice in a
            run.

    Returns:
        The result; None, with a message, if it was cancelled, refused or superseded.
    """
    from viz.run import long_jobs

    found = long_jobs.ready(key)
    if found is None and visitor().cancelled.get(what) == key:
        _say_cancelled(what)
        return None
    visitor().cancelled.pop(what, None)
    if found is not None:
        st.empty()  # so that the following elements keep their place with and without a bar
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
        return None  # a newer run shows it
    finally:
        ticket.detach()


def _follow(
    ticket: Ticket, what: str, key: Hashable, draw: Callable[[T, str], None] | None
) -> None:
    """Shows the progress until the work is done."""
    left, right = st.columns([5, 1], vertical_alignment="bottom")
    bar, newest, shown, drawn = left.empty(), st.empty(), None, None
    right.button(_("Cancel"), key=f"cancel_{what}", on_click=_cancel, args=(what, key))
    for look in itertools.count():
        visitor()  # Streamlit ends a run only inside its own functions; this call sends nothing
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
    """The fraction of the bar, and the text above it."""
    if reported is None:
        return 0.0, _("Waiting for other work …")
    sentence, left = _(reported.progress.sentence), reported.remaining_s
    text = sentence if left is None else f"{sentence} – {in_words(left)}"
    return reported.progress.fraction, text


def in_words(seconds: float) -> str:
    """The remaining time in words, as precise as an estimate can be.

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
    """Runs in its own thread as soon as the click arrives, while the page's run continues."""
    from viz.run import QUEUE

    visitor().cancelled[what] = key
    QUEUE.cancel((visitor().token, what), key)


def _say_cancelled(what: str) -> None:
    with st.container():
        st.info(_("Cancelled."))
        st.button(_("Start again"), key=f"again_{what}", on_click=_start_again, args=(what,))


def _start_again(what: str) -> None:
    visitor().cancelled.pop(what, None)
