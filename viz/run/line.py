"""Who waits for what: places, turns, and room. Nothing here knows of threads; the queue locks it."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Generator, Hashable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from viz.run.shares import Asker, Turns

Slices = Generator[Any, None, Any]  # what it returns is the result, what it yields is dropped


class Busy(RuntimeError):
    """Too many requests wait already; ask again in a moment."""


class Superseded(RuntimeError):
    """The same visitor has asked for something newer; this was not computed."""


@dataclass(eq=False)
class Place:
    """Where somebody waits: since which turn, and all who ask in their name."""

    asker: Asker
    turn: int
    futures: list[Future[Any]] = field(default_factory=list)


@dataclass(eq=False)
class Job:
    """One thing that is to be computed, and who waits for it.

    Attributes:
        brought_by: who asked for it first.
        slices: work that has begun and goes on step by step.
        is_long: whether a first slice did not suffice.
    """

    key: Hashable
    work: Callable[[], Any]
    brought_by: Asker
    places: dict[Hashable, Place] = field(default_factory=dict)
    slices: Slices | None = None
    is_long: bool = False

    @property
    def turn(self) -> int:
        """That of whoever has waited longest."""
        return min(place.turn for place in self.places.values())


class Line:
    """All jobs that wait or run.

    Args:
        limit: how many may wait.
        from_one_address: how many may wait that one address has brought.
        begun: how many are kept half done.
    """

    def __init__(self, limit: int, from_one_address: int, begun: int) -> None:
        self._limit, self._from_one_address, self._begun = limit, from_one_address, begun
        self.waiting: dict[Hashable, Job] = {}
        self.running: dict[Hashable, Job] = {}
        self.closing: list[Slices] = []
        self.turns = Turns()
        self._wanted: dict[Hashable, Job] = {}  # what each owner asked for last
        self._arrivals = itertools.count()

    def seat(
        self, owner: Hashable, key: Hashable, work: Callable[[], Any], asker: Asker
    ) -> tuple[Job, Future[Any]]:
        """A future at the job of this key, which is put into the line if there is none.

        Raises:
            Busy: if there is no room for one more.
        """
        turn = self._supersede(owner, key)
        job = self.running.get(key) or self.waiting.get(key)
        if job is None:
            self._make_room(asker.address)
            job = self.waiting[key] = Job(key, work, asker)
        if owner not in job.places:
            job.places[owner] = Place(asker, turn)
            self.turns.come(asker)
        self._wanted[owner] = job
        future: Future[Any] = Future()
        job.places[owner].futures.append(future)
        return job, future

    def _supersede(self, owner: Hashable, key: Hashable) -> int:
        """Ends what else the owner waits for; the turn is that of the older request, or new."""
        turn = next(self._arrivals)
        job = self._wanted.get(owner)
        if job is None or job.key == key or self.waiting.get(job.key) is not job:
            return turn  # what runs is answered all the same
        place = self.leave(job, owner)
        settle(place.futures, error=Superseded())
        return min(turn, place.turn)

    def leave(self, job: Job, owner: Hashable) -> Place:
        """Takes a place away, and the job if it was the last one."""
        place = job.places.pop(owner)
        self.turns.go(place.asker)
        if self._wanted.get(owner) is job:
            del self._wanted[owner]
        if not job.places:
            self._drop(job)
        return place

    def _drop(self, job: Job) -> None:
        """Takes a job out of the line, if it waits there; a running one goes when it is paused."""
        if self.waiting.get(job.key) is job:
            del self.waiting[job.key]
            self._close(job)

    def _close(self, job: Job) -> None:
        """Has what was begun closed; nobody waits for that."""
        if job.slices is not None:
            self.closing.append(job.slices)
            job.slices = None

    def _make_room(self, address: Hashable) -> None:
        """Room for one more request: where there is none, the greediest address gives way."""
        brought = Counter(job.brought_by.address for job in self.waiting.values())
        if brought[address] >= self._from_one_address:
            raise Busy
        if len(self.waiting) < self._limit:
            return
        greediest = max(brought, key=lambda each: brought[each], default=address)
        if brought[greediest] <= brought[address] + 1:
            raise Busy
        self._refuse_newest(greediest)

    def _refuse_newest(self, address: Hashable) -> None:
        """Ends the newest request that has not begun and that only this address waits for."""
        jobs = [
            job
            for job in self.waiting.values()
            if job.slices is None
            and {place.asker.address for place in job.places.values()} == {address}
        ]
        if not jobs:
            raise Busy
        job = max(jobs, key=lambda job: job.turn)
        for owner in list(job.places):
            settle(self.leave(job, owner).futures, error=Busy())

    def take_next(self) -> Job | None:
        """Whose turn it is, now running; None if there is nothing to do."""
        jobs = [job for job in self.waiting.values() if self._may_run(job)]
        if not jobs:
            return None
        job = min(jobs, key=self._rank)
        self.running[job.key] = self.waiting.pop(job.key)
        return job

    def _may_run(self, job: Job) -> bool:
        return not job.is_long or job.slices is not None or self._has_room_for_begun()

    def _has_room_for_begun(self) -> bool:
        jobs = itertools.chain(self.waiting.values(), self.running.values())
        return sum(job.is_long and job.slices is not None for job in jobs) < self._begun

    def _rank(self, job: Job) -> tuple[tuple[float, float], int]:
        return min((self.turns.rank(each.asker), each.turn) for each in job.places.values())

    def finish(self, job: Job) -> list[Future[Any]]:
        """Takes it out; the answer is due to these."""
        del self.running[job.key]
        places = [self.leave(job, owner) for owner in list(job.places)]
        return [future for place in places for future in place.futures]

    def pause(self, job: Job) -> list[Future[Any]]:
        """Puts what is half done back into the line; those who left it are to be told."""
        self.waiting[job.key] = self.running.pop(job.key)
        left = [owner for owner in job.places if self._wanted.get(owner) is not job]
        places = [self.leave(job, owner) for owner in left]
        if not job.places:
            self._drop(job)
        elif not job.is_long and not self._has_room_for_begun():
            self._close(job)  # it begins again when there is room
        job.is_long = True
        return [future for place in places for future in place.futures]


def settle(
    futures: list[Future[Any]], result: Any = None, error: BaseException | None = None
) -> None:
    """Ends all that were not cancelled at the last moment."""
    for future in futures:
        if not future.set_running_or_notify_cancel():
            continue
        if error is None:
            future.set_result(result)
        else:
            future.set_exception(error)
