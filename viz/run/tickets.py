"""Jobs, and who waits for them: tickets and places."""

from __future__ import annotations

from collections.abc import Callable, Generator, Hashable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from viz.progress import Reported
from viz.run.shares import Asker

Slices = Generator[Any, None, Any]  # returns the result; yields pauses, or Progress


class Busy(RuntimeError):
    """Raised when too many requests wait already; a later one may be accepted."""


class Superseded(RuntimeError):
    """Raised for a request that a newer one of the same owner replaced before it was computed."""


class Ticket(Future[Any]):
    """A Future of the result that also tells the progress."""

    def __init__(self, job: Job) -> None:
        super().__init__()
        self._job = job
        self.detached = False

    @property
    def reported(self) -> Reported | None:
        """The newest progress of the work; None if there is none yet."""
        return self._job.reported

    def detach(self) -> bool:
        """Cancels the ticket because its page went away.

        If nobody else waits, work that has reported progress continues for the queue's grace
        period, so that a reloaded page finds it.
        """
        self.detached = True
        return self.cancel()


@dataclass(eq=False)
class Place:
    """The place of one owner in a job: its turn, and the tickets of all its requests."""

    asker: Asker
    turn: int
    futures: list[Ticket] = field(default_factory=list)


@dataclass(eq=False)
class Job:
    """One piece of work, and who waits for it.

    Attributes:
        brought_by: the first to request it.
        slices: the generator of work that has begun.
        begun_at: the time at which its slices began.
        is_long: whether it needs more than one slice.
        reported: its newest progress.
        reports: whether it has ever reported progress, even before a restart.
        kept_until: the end of the grace period, if nobody waits; one place without tickets remains.
        is_urgent: whether a hand waits for it, as on a slider for its maps.
    """

    key: Hashable
    work: Callable[[], Any]
    brought_by: Asker
    places: dict[Hashable, Place] = field(default_factory=dict)
    slices: Slices | None = None
    begun_at: float = 0.0
    is_long: bool = False
    reported: Reported | None = None
    reports: bool = False
    kept_until: float | None = None
    is_urgent: bool = False

    @property
    def turn(self) -> int:
        """The turn of the owner who has waited longest."""
        return min(place.turn for place in self.places.values())


def settle(
    futures: Sequence[Future[Any]], result: Any = None, error: BaseException | None = None
) -> None:
    """Settles all tickets that were not cancelled meanwhile."""
    for future in futures:
        if not future.set_running_or_notify_cancel():
            continue
        if error is None:
            future.set_result(result)
        else:
            future.set_exception(error)
