"""One bounded queue for everything torch computes.

Each owner has at most one waiting request: a newer one takes its place. Equal requests are computed
once. Long work is done in slices, between which other jobs run. When too many requests wait, a new
one is refused at once.
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

# The least that a turn is charged: then visitors with quick requests are served in turn, and only
# those with slow requests wait longer.
MIN_S = 0.02
GRACE_S = 10.0  # a reload takes a second or two, on a slow network longer

_LOG = logging.getLogger(__name__)


class WorkQueue:
    """Runs jobs one after another; the visitor who has had the least computing time is next.

    Time is shared between addresses first, then between the visitors of each. Among equals the
    first request comes first, and a newer request keeps the turn of the one that it replaces.

    Work may return a generator. Then its steps run until a slice of time is over, and other jobs
    may come first after that. Work that nobody waits for any more is closed after the current step.
    At most `begun` jobs are kept half done, because they hold memory; others run their first slice,
    and begin again later if that was not enough.

    A generator may yield Progress, which its tickets show. Such work is long: it has `reporting`
    places of its own; all of it together gets a third of the time while quick work waits, in shorter
    slices; and when the last page that waits for it goes away, it continues for a grace period.

    Args:
        limit: the number of different requests that may wait.
        workers: the number of threads.
        prepare: called once in each worker, before its first job.
        from_one_address: the number of different requests from one address that may wait.
        begun: the number of jobs that are kept half done.
        reporting: the number of jobs that report progress and are kept half done, in addition.
        grace_s: seconds that work with progress continues after its last page went away.
        slice_s: seconds after which another job may run.
        around_slices: a context manager for every slice.
        clock: seconds from any beginning.

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
        """The number of different requests that wait."""
        return len(self._line.waiting)

    def ask(
        self,
        owner: Hashable,
        key: Hashable,
        work: Callable[[], Any],
        *,
        visitor: Hashable = None,
        address: Hashable = "",
        urgent: bool = False,
    ) -> Ticket:
        """Requests that `work` is done.

        Args:
            owner: who asks; an older request of the same owner that still waits is Superseded.
            key: the job's key; equal keys share one computation.
            work: computes the result in a worker, or returns a generator that does so in steps.
            visitor: who is charged for the time; the owner if it is None.
            address: the visitor's address; empty for this machine.
            urgent: whether a hand waits for it, as on a slider for its maps. Then it goes before
                the visitor's other work, whose slices are short meanwhile.

        Returns:
            A Future that also tells the progress. It raises Superseded if a newer request took its
            place, and Busy if it had to make room. Cancelling it withdraws the request, if nobody
            else waits for it and it has not begun or has more slices to come.

        Raises:
            Busy: if too many requests wait.
        """
        asker = Asker(address, owner if visitor is None else visitor)
        with self._changed:
            self._changed.notify()  # also if the older request was dropped and this one refused
            job, ticket = self._line.seat(owner, key, work, asker, urgent)
            self._start_threads()
        ticket.add_done_callback(partial(self._take_back, job, owner))
        return ticket

    def cancel(self, owner: Hashable, key: Hashable) -> None:
        """Withdraws the owner's requests for this key, also work in its grace period."""
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
        """Called when a future is done; withdraws the request if it was cancelled."""
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
        ticket.set_running_or_notify_cancel()  # wakes up its waiters
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
        """The next job; None if there is something to close first."""
        with self._changed:
            while True:
                self._line.expire(self._clock())
                if self._line.closing:
                    return None
                job = self._line.take_next()
                if job is not None:
                    return job
                self._changed.wait()  # work in its grace period runs as usual

    def _run(self, job: Job | None) -> None:
        """Runs one job. It has its own frame, so that an idle worker holds no result."""
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
            self._changed.notify()  # another worker may have room now to begin long work
        settle(futures, result, error if done else Superseded())

    def _slice(self, job: Job) -> tuple[bool, Any]:
        """Runs a whole job or one slice of it; returns whether it is done, and the result."""
        begun = self._clock()
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
                if self._clock() >= begun + self._turn_s(job):
                    break
        return False, None

    def _turn_s(self, job: Job) -> float:
        """Seconds of a slice; it is short while work waits that goes first, and 0 if unwanted."""
        with self._changed:
            if self._line.is_unwanted(job):
                return 0
            short = self._line.is_in_the_way(job)
        return min(MIN_S, self._slice_s) if short else self._slice_s

    def _close_all(self) -> None:
        with self._changed:
            closing, self._line.closing = self._line.closing, []
        for slices in closing:
            with self._around_slices():
                try:
                    slices.close()
                except Exception:
                    _LOG.exception("work that was given up")
