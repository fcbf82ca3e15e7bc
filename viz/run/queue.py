"""One bounded queue for everything torch computes.

Each visitor has at most one request waiting: a newer one takes its place. Requests for the same
thing are computed once. When too many wait, a newcomer is told so at once.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
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
    waiting: dict[Hashable, Future[Any]] = field(default_factory=dict)


class WorkQueue:
    """Runs one thing after the other, in the order in which visitors first asked.

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
        self._waiting: OrderedDict[Hashable, _Job] = OrderedDict()
        self._running: dict[Hashable, _Job] = {}
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
            self._supersede(owner, key)
            job = self._running.get(key) or self._waiting.get(key)
            if job is None:
                if len(self._waiting) >= self._limit:
                    raise Busy
                job = self._waiting[key] = _Job(key, work)
                self._start_threads()
                self._changed.notify()
            future = job.waiting.get(owner)
            if future is None or future.done():
                future = job.waiting[owner] = Future()
            return future

    def _supersede(self, owner: Hashable, key: Hashable) -> None:
        for job in [job for job in self._waiting.values() if job.key != key]:
            older = job.waiting.pop(owner, None)
            if older is not None and not older.done():
                older.set_exception(Superseded())
            self._drop_unwanted(job)

    def _drop_unwanted(self, job: _Job) -> None:
        if all(future.cancelled() for future in job.waiting.values()):
            self._waiting.pop(job.key, None)

    def _start_threads(self) -> None:
        while len(self._threads) < self._workers:
            thread = threading.Thread(target=self._work, name="torch", daemon=True)
            self._threads.append(thread)
            thread.start()

    def _work(self) -> None:
        self._prepare()
        while True:
            job = self._next()
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
                    key, job = self._waiting.popitem(last=False)
                    self._running[key] = job
                    return job
                self._changed.wait()

    def _finish(self, job: _Job, result: Any, error: BaseException | None) -> None:
        with self._changed:
            del self._running[job.key]
            for future in job.waiting.values():
                if not future.set_running_or_notify_cancel():
                    continue
                if error is None:
                    future.set_result(result)
                else:
                    future.set_exception(error)
