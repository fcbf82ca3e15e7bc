"""One bounded queue for everything torch computes.

Each visitor has at most one request waiting for a place: a newer one takes it over. Requests for
the same thing are computed once. Long work is done in slices, and between two of them others have
their turn. When too many wait, a newcomer is told so at once.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from types import GeneratorType
from typing import Any

from viz.progress import Progress, Reported
from viz.run.line import Line
from viz.run.shares import Asker
from viz.run.tickets import Busy, Job, Superseded, Ticket, settle

__all__ = ["Busy", "Superseded", "Ticket", "WorkQueue"]

# What a turn counts at least: all who ask for quick things have their turns one after the other,
# and only who asks for slow things waits longer.
MIN_S = 0.02
GRACE_S = 10.0  # a reload takes a second or two, on a slow network some more

_LOG = logging.getLogger(__name__)


class WorkQueue:
    """Runs one thing after the other; who has had the least computing time is next.

    Time is shared between addresses first, then between the visitors of each; between equals who
    asked first comes first, and a newer request keeps the turn of the one whose place it takes.

    Work may return a generator. Then its steps are done one after the other until a slice of time
    is over; after that others may be served first. After every step, work that nobody waits for
    any more is closed. At most `begun` works are kept half done, for they hold memory; of others
    the first slice is done, and again later, if it did not suffice.

    What a generator yields may be Progress; whoever waits can read the newest. Such work is long:
    it has `reporting` places of its own; while quick work waits, all of it together has a third of
    the time; and when the last page that waits for it goes away, it goes on for a grace period.

    Args:
        limit: how many different requests may wait.
        workers: how many are computed at once.
        prepare: called once in each worker, before its first work.
        from_one_address: how many different requests may wait that one address has brought.
        begun: how many works are kept half done.
        reporting: how many works that report progress are kept half done, beside the others.
        grace_s: how long work that reports progress goes on after its last page went away.
        slice_s: seconds after which others may be served.
        around_slices: a context for every slice.
        clock: seconds, to tell how long something took.

    >>> queue = WorkQueue(limit=2)
    >>> queue.ask("visitor", "seven", lambda: 7).result()
    7
    """

    def __init__(
        self,
        limit: int,
        workers: int = 1,
        prepare: Callable[[], object] = lambda: None,
        *,
        from_one_address: int | None = None,
        begun: int = 2,
        reporting: int = 4,
        grace_s: float = GRACE_S,
        slice_s: float = 0.1,
        around_slices: Callable[[], AbstractContextManager[Any]] = nullcontext,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        from_one = limit if from_one_address is None else from_one_address
        self._line = Line(limit, from_one, begun, reporting)
        self._grace_s = grace_s
        self._prepare = prepare
        self._slice_s = slice_s
        self._around_slices = around_slices
        self._clock = clock
        self._changed = threading.Condition()
        self._workers = workers
        self._threads: list[threading.Thread] = []

    @property
    def waiting(self) -> int:
        """How many different requests wait."""
        return len(self._line.waiting)

    def ask(
        self,
        owner: Hashable,
        key: Hashable,
        work: Callable[[], Any],
        *,
        visitor: Hashable = None,
        address: Hashable = "",
    ) -> Ticket:
        """Asks for `work` to be done.

        Args:
            owner: the place; an older request from there that still waits ends as Superseded.
            key: what is asked for; equal keys share one computation.
            work: computes it, in a worker, or returns a generator that does so step by step.
            visitor: whose share of the time it is; each owner's own, if none is named.
            address: where the visitor is; empty for this machine.

        Returns:
            A Future that also tells the progress; it ends with Superseded when a newer request took its place, and with Busy
            when it had to make room. Cancelling it takes the request back if nobody else wants
            it and it has not begun, or has more slices before it.

        Raises:
            Busy: if too many requests wait.
        """
        asker = Asker(address, owner if visitor is None else visitor)
        with self._changed:
            self._changed.notify()  # also where the older request is dropped and this one refused
            job, ticket = self._line.seat(owner, key, work, asker)
            self._start_threads()
        ticket.add_done_callback(partial(self._take_back, job, owner))
        return ticket

    def cancel(self, owner: Hashable, key: Hashable) -> None:
        """Takes back all that the owner asked for under this key, what is kept for a while too."""
        with self._changed:
            job = self._line.job_of(owner, key)
            if job is None:
                return
            tickets = list(job.places[owner].futures)
            if not tickets:
                self._line.leave(job, owner)
                self._changed.notify()
        for ticket in tickets:
            ticket.cancel()

    def _take_back(self, job: Job, owner: Hashable, future: Future[Any]) -> None:
        """Called when a future is done; one that was cancelled is waited for no longer."""
        if not future.cancelled():
            return
        with self._changed:
            place = job.places.get(owner)
            found = [each for each in place.futures if each is future] if place else []
            for ticket in found:
                self._remove(job, owner, ticket)

    def _remove(self, job: Job, owner: Hashable, ticket: Ticket) -> None:
        waiting = job.places[owner].futures
        waiting.remove(ticket)
        ticket.set_running_or_notify_cancel()  # else whoever waits for it waits on
        if waiting:
            return
        if ticket.detached:
            self._line.detach(job, owner, self._clock() + self._grace_s)
        else:
            self._line.leave(job, owner)
        self._changed.notify()  # there may be something to close

    def _start_threads(self) -> None:
        while len(self._threads) < self._workers:
            thread = threading.Thread(target=self._work, name="torch", daemon=True)
            self._threads.append(thread)
            thread.start()

    def _work(self) -> None:
        self._prepare()
        while True:
            self._run(self._next())

    def _next(self) -> Job | None:
        """Who is next; None if there is something to close first."""
        with self._changed:
            while True:
                self._line.expire(self._clock())
                if self._line.closing:
                    return None
                job = self._line.take_next()
                if job is not None:
                    return job
                self._changed.wait()  # not while work is kept for a while: it is taken like other

    def _run(self, job: Job | None) -> None:
        """In a frame of its own, so that an idle worker does not hold what it computed last."""
        if job is None:
            self._close_all()
            return
        with self._changed:
            askers = [place.asker for place in job.places.values()]
        started = self._clock()
        done, result, error = True, None, None
        try:
            done, result = self._slice(job)
        except BaseException as raised:
            error = raised
        with self._changed:
            self._line.charge(job, askers, max(MIN_S, self._clock() - started))
            futures = self._line.finish(job) if done else self._line.pause(job)
            self._changed.notify()  # there may be room for another worker to begin something long
        settle(futures, result, error if done else Superseded())

    def _slice(self, job: Job) -> tuple[bool, Any]:
        """Works as a whole, or for one slice: whether it is done, and the result."""
        ends = self._clock() + self._slice_s
        if not job.places:
            return False, None
        if job.slices is None:
            made = job.work()
            if not isinstance(made, GeneratorType):
                return True, made
            job.slices, job.begun_at = made, self._clock()
        with self._around_slices():
            while job.places:
                try:
                    said = next(job.slices)
                except StopIteration as end:
                    return True, end.value
                if isinstance(said, Progress):
                    job.reported = Reported(said, self._clock() - job.begun_at)
                if self._clock() >= ends:
                    break
        return False, None

    def _close_all(self) -> None:
        with self._changed:
            closing, self._line.closing = self._line.closing, []
        for slices in closing:
            with self._around_slices():
                try:
                    slices.close()
                except Exception:
                    _LOG.exception("work that was given up")
