"""Who waits for what: places, turns, and room. Nothing here knows of threads; the queue locks it."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Collection, Hashable
from typing import Any

from viz.run.shares import Alternation, Asker, Turns
from viz.run.tickets import Busy, Job, Place, Slices, Superseded, Ticket, settle


class Line:
    """All jobs that wait or run.

    Args:
        limit: how many may wait.
        from_one_address: how many may wait that one address has brought.
        begun: how many are kept half done.
        reporting: how many of those that report progress are kept half done, beside the others.
    """

    def __init__(self, limit: int, from_one_address: int, begun: int, reporting: int) -> None:
        self._limit, self._from_one_address = limit, from_one_address
        self._begun, self._reporting = begun, reporting
        self.waiting: dict[Hashable, Job] = {}
        self.running: dict[Hashable, Job] = {}
        self.closing: list[Slices] = []
        self.turns, self.long_turns = Turns(), Turns()
        self._due = Alternation()
        self._wanted: dict[Hashable, Job] = {}  # what each owner asked for last
        self._arrivals = itertools.count()

    def seat(
        self, owner: Hashable, key: Hashable, work: Callable[[], Any], asker: Asker
    ) -> tuple[Job, Ticket]:
        """A ticket for the job of this key, which is put into the line if there is none.

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
            self._turns_of(job).come(asker)
        self._wanted[owner] = job
        ticket = Ticket(job)
        job.places[owner].futures.append(ticket)
        if job.kept_until is not None:
            self._take_over(job)
        return job, ticket

    def _take_over(self, job: Job) -> None:
        """Somebody waits again, so the place of whoever went away is not needed any more."""
        job.kept_until = None
        for owner in [owner for owner, place in job.places.items() if not place.futures]:
            self.leave(job, owner)

    def job_of(self, owner: Hashable, key: Hashable) -> Job | None:
        """The job of this key, if the owner has a place there."""
        job = self.running.get(key) or self.waiting.get(key)
        return job if job is not None and owner in job.places else None

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
        self._turns_of(job).go(place.asker)
        if self._wanted.get(owner) is job:
            del self._wanted[owner]
        if not job.places:
            self._drop(job)
        return place

    def detach(self, job: Job, owner: Hashable, until: float) -> None:
        """Like `leave`, but the last place of a job that reports progress stays until then."""
        if len(job.places) == 1 and job.reported is not None:
            job.kept_until = until
        else:
            self.leave(job, owner)

    def expire(self, now: float) -> None:
        """Drops the jobs whose grace period is over."""
        for job in list(self.waiting.values()):
            if job.kept_until is not None and job.kept_until <= now:
                self._leave_all(job)

    def _leave_all(self, job: Job) -> list[Ticket]:
        places = [self.leave(job, owner) for owner in list(job.places)]
        return [future for place in places for future in place.futures]

    def _drop(self, job: Job) -> None:
        """Takes a job out of the line, if it waits there; a running one goes when it is paused."""
        if self.waiting.get(job.key) is job:
            del self.waiting[job.key]
            self._close(job)

    def _close(self, job: Job) -> None:
        """Has what was begun closed; nobody waits for that."""
        if job.slices is not None:
            self.closing.append(job.slices)
            job.slices = job.reported = None

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
        settle(self._leave_all(max(jobs, key=lambda job: job.turn)), error=Busy())

    def take_next(self) -> Job | None:
        """Whose turn it is, now running; None if there is nothing to do."""
        jobs = [job for job in self.waiting.values() if self._may_run(job)]
        if not jobs:
            return None
        job = min(jobs, key=self._rank)
        self.running[job.key] = self.waiting.pop(job.key)
        return job

    def _may_run(self, job: Job) -> bool:
        return not job.is_long or job.slices is not None or self._has_room(job)

    def _has_room(self, job: Job) -> bool:
        """Whether one more of its sort may be kept half done.

        Work that reports progress may take minutes. It has room of its own, so that maps need not
        wait for it, and no address may have all of that.
        """
        addresses = [
            other.brought_by.address
            for other in itertools.chain(self.waiting.values(), self.running.values())
            if other is not job
            and other.is_long
            and other.slices is not None
            and other.reports == job.reports
        ]
        if not job.reports:
            return len(addresses) < self._begun
        most = max(1, self._reporting - 1)
        from_here = addresses.count(job.brought_by.address)
        return len(addresses) < self._reporting and from_here < most

    def _rank(self, job: Job) -> tuple[bool, tuple[tuple[float, float], int]]:
        turns = self._turns_of(job)
        first = min((turns.rank(each.asker), each.turn) for each in job.places.values())
        return job.reports != self._due.long, first

    def _turns_of(self, job: Job) -> Turns:
        """Time spent on work that reports progress is counted apart.

        Else who learns something would wait with their sliders until everybody has had as much; and
        a job that a hall waits for, whose time is split among all, would go before every slider.
        """
        return self.long_turns if job.reports else self.turns

    def charge(self, job: Job, askers: Collection[Asker], seconds: float) -> None:
        """So long was worked for all of these together."""
        self._turns_of(job).charge(askers, seconds)
        if any(other.reports != job.reports for other in self.waiting.values()):
            self._due.spent(seconds, long=job.reports)
        else:
            self._due = Alternation()

    def finish(self, job: Job) -> list[Ticket]:
        """Takes it out; the answer is due to these."""
        del self.running[job.key]
        return self._leave_all(job)

    def pause(self, job: Job) -> list[Ticket]:
        """Puts what is half done back into the line; those who left it are to be told."""
        self.waiting[job.key] = self.running.pop(job.key)
        left = [owner for owner in job.places if self._wanted.get(owner) is not job]
        places = [self.leave(job, owner) for owner in left]
        needs_room = self._note_kind(job)
        if not job.places:
            self._drop(job)
        elif needs_room and not self._has_room(job):
            self._close(job)  # it begins again when there is room
            if job.kept_until is not None:
                self._leave_all(job)
        return [future for place in places for future in place.futures]

    def _note_kind(self, job: Job) -> bool:
        """Notes that a job is long, and whether it reports; true if it was not known as such."""
        known = job.is_long, job.reports
        job.is_long = True
        if job.reported is not None and not job.reports:
            askers = [place.asker for place in job.places.values()]
            for asker in askers:
                self.turns.go(asker)
                self.long_turns.come(asker)
            job.reports = True
        return known != (True, job.reports)
