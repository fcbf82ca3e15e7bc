"""What is asked for, and who waits for it: tickets, places, jobs."""

from __future__ import annotations

from collections.abc import Callable, Generator, Hashable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from viz.progress import Reported
from viz.run.shares import Asker

Slices = Generator[Any, None, Any]  # it returns the result; of what it yields, Progress is kept


class Busy(RuntimeError):
    """Too many requests wait already; ask again in a moment."""


class Superseded(RuntimeError):
    """The same visitor has asked for something newer; this was not computed."""


class Ticket(Future[Any]):
    """The result to come, and how far the work is."""

    def __init__(self, job: Job) -> None:
        super().__init__()
        self._job = job
        self.detached = False

    @property
    def reported(self) -> Reported | None:
        """The newest progress of the work; None if it has reported none."""
        return self._job.reported

    def detach(self) -> bool:
        """Cancels the ticket because its page went away.

        If nobody else waits, work that has reported progress goes on for the queue's grace period,
        so that a page that comes back finds it.
        """
        self.detached = True
        return self.cancel()


@dataclass(eq=False)
class Place:
    """Where somebody waits: since which turn, and all who ask in their name."""

    asker: Asker
    turn: int
    futures: list[Ticket] = field(default_factory=list)


@dataclass(eq=False)
class Job:
    """One thing that is to be computed, and who waits for it.

    Attributes:
        brought_by: who asked for it first.
        slices: work that has begun and goes on step by step.
        begun_at: when its slices began.
        is_long: whether a first slice did not suffice.
        reported: its newest progress.
        reports: whether it has ever reported progress, now or before it had to begin again.
        kept_until: the end of the grace period, if nobody waits; one place without tickets is left.
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

    @property
    def turn(self) -> int:
        """That of whoever has waited longest."""
        return min(place.turn for place in self.places.values())


def settle(
    futures: Sequence[Future[Any]], result: Any = None, error: BaseException | None = None
) -> None:
    """Ends all that were not cancelled at the last moment."""
    for future in futures:
        if not future.set_running_or_notify_cancel():
            continue
        if error is None:
            future.set_result(result)
        else:
            future.set_exception(error)
