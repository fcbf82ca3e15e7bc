"""One bounded queue for everything torch computes.

Each visitor has at most one request waiting: a newer one takes its place. Requests for the same
thing are computed once. When too many wait, a newcomer is told so at once.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any


class Busy(RuntimeError):
    """Too many requests wait already; ask again in a moment."""


class Superseded(RuntimeError):
    """The same visitor has asked for something newer; this was not computed."""


@dataclass
class _Job:
    key: Hashable
    work: Callable[[], Any]
    turn: int
    waiting: list[tuple[Hashable, Future[Any]]] = field(default_factory=list)


class WorkQueue:
    """Runs one thing after the other, in the order in which visitors first asked.

    A newer request takes the turn of the one whose place it takes.

    Args:
        limit: how many different requests may wait.
        workers: how many are computed at once.
        prepare: called once in each worker, before its first work.

    >>> queue = WorkQueue(limit=2)
    >>> queue.ask("visitor", "seven", lambda: 7).result()
    7
    """

    def __init__(
        self, limit: int, workers: int = 1, prepare: Callable[[], None] = lambda: None
    ) -> None:
        self._limit = limit
        self._prepare = prepare
        self._waiting: dict[Hashable, _Job] = {}
        self._running: dict[Hashable, _Job] = {}
        self._turns = itertools.count()
        self._changed = threading.Condition()
        self._workers = workers
        self._threads: list[threading.Thread] = []

    def ask(self, owner: Hashable, key: Hashable, work: Callable[[], Any]) -> Future[Any]:
        """Asks for `work` to be done.

        Args:
            owner: who asks; an older request of theirs that still waits ends as Superseded.
            key: what is asked for; equal keys share one computation.
            work: computes it, in a worker.

        Returns:
            A Future; it ends with Superseded when a newer request took its place. Cancelling it
            takes the request back if nobody else wants it and it has not begun.

        Raises:
            Busy: if too many requests wait.
        """
        with self._changed:
            turn = min([*self._supersede(owner, key), next(self._turns)])
            job = self._running.get(key) or self._waiting.get(key)
            if job is None:
                if len(self._waiting) >= self._limit:
                    raise Busy
                job = self._waiting[key] = _Job(key, work, turn)
                self._start_threads()
                self._changed.notify()
            job.turn = min(job.turn, turn)
            future: Future[Any] = Future()
            job.waiting.append((owner, future))
            return future

    def _supersede(self, owner: Hashable, key: Hashable) -> list[int]:
        """Ends what else the owner waits for, and says whose turns that were."""
        turns = []
        for job in [job for job in self._waiting.values() if job.key != key]:
            older = [future for who, future in job.waiting if who == owner]
            job.waiting = [(who, future) for who, future in job.waiting if who != owner]
            for future in older:
                if future.set_running_or_notify_cancel():
                    future.set_exception(Superseded())
            turns += [job.turn] * bool(older)
            self._drop_unwanted(job)
        return turns

    def _drop_unwanted(self, job: _Job) -> None:
        still_waits = self._waiting.get(job.key) is job
        if still_waits and all(future.cancelled() for _, future in job.waiting):
            del self._waiting[job.key]
            for _, future in job.waiting:
                future.set_running_or_notify_cancel()  # else whoever waits for it waits on

    def _start_threads(self) -> None:
        while len(self._threads) < self._workers:
            thread = threading.Thread(target=self._work, name="torch", daemon=True)
            self._threads.append(thread)
            thread.start()

    def _work(self) -> None:
        self._prepare()
        while True:
            self._run(self._next())

    def _run(self, job: _Job) -> None:
        """In a frame of its own, so that an idle worker does not hold what it computed last."""
        try:
            result, error = job.work(), None
        except BaseException as raised:
            result, error = None, raised
        self._finish(job, result, error)

    def _next(self) -> _Job:
        with self._changed:
            while True:
                for job in list(self._waiting.values()):
                    self._drop_unwanted(job)
                if self._waiting:
                    job = min(self._waiting.values(), key=lambda job: job.turn)
                    self._running[job.key] = self._waiting.pop(job.key)
                    return job
                self._changed.wait()

    def _finish(self, job: _Job, result: Any, error: BaseException | None) -> None:
        with self._changed:
            del self._running[job.key]
            for _, future in job.waiting:
                if not future.set_running_or_notify_cancel():
                    continue
                if error is None:
                    future.set_result(result)
                else:
                    future.set_exception(error)
