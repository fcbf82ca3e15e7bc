"""The line of waiting jobs: places, turns, and room. It has no threads; the queue locks it."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Collection, Hashable
from typing import Any

from viz.run.shares import Alternation, Asker, Turns
from viz.run.tickets import Busy, Job, Place, Slices, Superseded, Ticket, settle


class Line:
    """All waiting and running jobs.

    Args:
        limit: the number of jobs that may wait.
        from_one_address: the number of waiting jobs that one address may have brought.
        begun: the number of jobs that are kept half done.
        reporting: the number of jobs that report progress and are kept half done, in addition.
    """

    def __init__(self, limit: int, from_one_address: int, begun: int, reporting: int) -> None:
        self._limit, self._from_one_address = limit, from_one_address
        self._begun, self._reporting = begun, reporting
        self.waiting: dict[Hashable, Job] = {}
        self.running: dict[Hashable, Job] = {}
        self.closing: list[Slices] = []
        self.turns, self.long_turns = Turns(), Turns()
        self._due = Alternation()
        self._wanted: dict[Hashable, Job] = {}  # each owner's latest job
        self._arrivals = itertools.count()

    def is_in_the_way(self, job: Job) -> bool:
        """Whether work of a kind that goes first waits while this job runs.

        Urgent work does not give way, so that everybody's small maps are not left half done.
        """
        if job.is_urgent:
            return False
        return any(
            other.is_urgent or (job.reported is not None and not other.reports)
            for other in self.waiting.values()
        )

    def is_unwanted(self, job: Job) -> bool:
        """Whether everybody who waited for this running job has asked for something newer."""
        return all(self._wanted.get(owner) is not job for owner in job.places)

    def seat(
        self, owner: Hashable, key: Hashable, work: Callable[[], Any], asker: Asker, urgent: bool
    ) -> tuple[Job, Ticket]:
        """A ticket for the job of this key, which is added to the line if there is none.

        Raises:
            Busy: if there is no room for one more.
        """
        turn = self._supersede(owner, key)
        job = self.running.get(key) or self.waiting.get(key)
        if job is None:
            self._make_room(asker.address)
            job = self.waiting[key] = Job(key, work, asker)
        job.is_urgent = job.is_urgent or urgent
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
        """Drops the place that was kept for a page that went away: somebody waits again."""
        job.kept_until = None
        for owner in [owner for owner, place in job.places.items() if not place.futures]:
            self.leave(job, owner)

    def job_of(self, owner: Hashable, key: Hashable) -> Job | None:
        """The job of this key, if the owner has a place there."""
        job = self.running.get(key) or self.waiting.get(key)
        return job if job is not None and owner in job.places else None

    def _supersede(self, owner: Hashable, key: Hashable) -> int:
        """Ends the owner's older waiting request and returns its turn, or a new turn."""
        turn = next(self._arrivals)
        job = self._wanted.get(owner)
        if job is None or job.key == key or self.waiting.get(job.key) is not job:
            return turn  # a running job is still answered
        place = self.leave(job, owner)
        settle(place.futures, error=Superseded())
        return min(turn, place.turn)

    def leave(self, job: Job, owner: Hashable) -> Place:
        """Removes a place, and the job if it was the last one."""
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
        """Drops jobs whose grace period is over."""
        for job in list(self.waiting.values()):
            if job.kept_until is not None and job.kept_until <= now:
                self._leave_all(job)

    def _leave_all(self, job: Job) -> list[Ticket]:
        places = [self.leave(job, owner) for owner in list(job.places)]
        return [future for place in places for future in place.futures]

    def _drop(self, job: Job) -> None:
        """Removes a waiting job from the line; a running one is removed when it is paused."""
        if self.waiting.get(job.key) is job:
            del self.waiting[job.key]
            self._close(job)

    def _close(self, job: Job) -> None:
        """Schedules the begun work to be closed, without waiting for it."""
        if job.slices is not None:
            self.closing.append(job.slices)
            job.slices = job.reported = None

    def _make_room(self, address: Hashable) -> None:
        """Makes room for one more request, if necessary from the address with most of them."""
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
        """The next job, now running; None if there is nothing to do."""
        jobs = [job for job in self.waiting.values() if self._may_run(job)]
        if not jobs:
            return None
        job = min(jobs, key=self._rank)
        self.running[job.key] = self.waiting.pop(job.key)
        return job

    def _may_run(self, job: Job) -> bool:
        return not job.is_long or job.slices is not None or self._has_room(job)

    def _has_room(self, job: Job) -> bool:
        """Whether one more job of its kind may be kept half done.

        Work that reports progress may take minutes. It has its own room, so that maps need not
        wait for it, and no address may have all of that room. Urgent work has its own room too.
        """
        addresses = [
            other.brought_by.address
            for other in itertools.chain(self.waiting.values(), self.running.values())
            if other is not job
            and other.is_long
            and other.slices is not None
            and (other.reports, other.is_urgent) == (job.reports, job.is_urgent)
        ]
        if not job.reports:
            return len(addresses) < self._begun
        most = max(1, self._reporting - 1)
        from_here = addresses.count(job.brought_by.address)
        return len(addresses) < self._reporting and from_here < most

    def _rank(self, job: Job) -> tuple[bool, tuple[tuple[float, float], bool, int]]:
        """The sort key of a job; the smallest is next. Of one visitor's jobs the urgent come first."""
        turns, later = self._turns_of(job), not job.is_urgent
        first = min((turns.rank(each.asker), later, each.turn) for each in job.places.values())
        return job.reports != self._due.long, first

    def _turns_of(self, job: Job) -> Turns:
        """The shares that the job is charged to: work that reports progress is counted separately.

        Otherwise a visitor who trains a layer would have slow sliders until all others have had as
        much time; and a job that a hall waits for, whose time is split among all, would always
        come before the sliders.
        """
        return self.long_turns if job.reports else self.turns

    def charge(self, job: Job, askers: Collection[Asker], seconds: float) -> None:
        """Charges time that was spent for all of these askers together."""
        self._turns_of(job).charge(askers, seconds)
        if any(other.reports != job.reports for other in self.waiting.values()):
            self._due.spent(seconds, long=job.reports)
        else:
            self._due = Alternation()

    def finish(self, job: Job) -> list[Ticket]:
        """Removes a job that is done; returns the tickets to answer."""
        del self.running[job.key]
        return self._leave_all(job)

    def pause(self, job: Job) -> list[Ticket]:
        """Puts a half-done job back into the line; returns the tickets of owners who left it."""
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
        """Records that a job is long, and whether it reports progress; true if either is new."""
        known = job.is_long, job.reports
        job.is_long = True
        if job.reported is not None and not job.reports:
            askers = [place.asker for place in job.places.values()]
            for asker in askers:
                self.turns.go(asker)
                self.long_turns.come(asker)
            job.reports = True
        return known != (True, job.reports)
