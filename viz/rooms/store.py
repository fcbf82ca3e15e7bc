"""Where rooms are kept: a small interface, and the store in memory."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from viz.rooms.limits import FOLLOWERS, FORGOTTEN_S, IDLE_S, ROOMS
from viz.rooms.reading import written
from viz.rooms.refusals import Full, Gone, Late, NotYours, Twice

Parts = Mapping[str, bytes]
# Called with a room's code and the parts that have changed; with None when the room has ended.
Told = Callable[[str, Parts | None], None]


class RoomStore(Protocol):
    """Rooms by their codes. A room is a few parts in JSON, of which the last writer wins.

    A part whose name begins with a dot never leaves the server. Besides them a room has the answers
    of its present round, of which the first of each browser wins.

    Every method raises `Gone` if there is no such room, and `Down` if the store cannot be reached.
    """

    async def open(self, code: str, owner: str) -> None:
        """Opens a room, or goes on with it.

        Raises:
            NotYours: if another owner has one of this code.
            Full: if there are too many rooms.
        """

    async def parts(self, code: str) -> Parts:
        """All parts of a room; `.owner` is always among them."""

    async def put(self, code: str, parts: Parts) -> None:
        """Changes some parts, and tells everybody who follows the room, wherever they are."""

    async def end(self, code: str) -> None:
        """Forgets a room and tells everybody."""

    async def begin(self, code: str) -> int:
        """Begins a round: its number. The answers of the former one are dropped."""

    async def answer(self, code: str, number: int, browser: str, answer: str) -> None:
        """Keeps a browser's answer to a round, and tells everybody how many there are.

        Raises:
            Late: if this round is not open.
            Twice: if this browser has answered.
            Full: if there are as many answers as a room may have followers.
        """

    async def close(self, code: str) -> list[str]:
        """Closes the round: its answers.

        Raises:
            Late: if none is open.
        """

    def sweep(self) -> None:
        """Forgets the rooms that have not been used for hours."""


@dataclass
class _Kept:
    parts: dict[str, bytes]
    used: float
    number: int = 0
    open: bool = False
    answers: dict[str, str] = field(default_factory=dict)


class MemoryStore:
    """Rooms in this process. Used from one event loop only.

    Args:
        told: called with every change.
        clock: seconds from any beginning.
    """

    def __init__(self, told: Told, clock: Callable[[], float] = time.monotonic) -> None:
        self._told = told
        self._clock = clock
        self._rooms: OrderedDict[str, _Kept] = OrderedDict()  # the longest unused first

    async def open(self, code: str, owner: str) -> None:
        self.sweep()
        if code not in self._rooms:
            self._make_way()
            parts = {".owner": owner.encode(), "paused": b"false"}
            self._rooms[code] = _Kept(parts, self._clock())
            self._told(code, parts)
        elif self._used(code).parts[".owner"] != owner.encode():
            raise NotYours

    async def parts(self, code: str) -> Parts:
        return self._kept(code).parts

    async def put(self, code: str, parts: Parts) -> None:
        self._used(code).parts.update(parts)
        self._told(code, parts)

    async def end(self, code: str) -> None:
        self._kept(code)
        self._forget(code)

    async def begin(self, code: str) -> int:
        kept = self._used(code)
        kept.number, kept.open, kept.answers = kept.number + 1, True, {}
        kept.parts.pop("answers", None)
        return kept.number

    async def answer(self, code: str, number: int, browser: str, answer: str) -> None:
        kept = self._kept(code)
        if not kept.open or number != kept.number:
            raise Late
        if browser in kept.answers:
            raise Twice
        if len(kept.answers) >= FOLLOWERS:
            raise Full
        kept.answers[browser] = answer
        count = {"answers": written({"round": number, "answers": len(kept.answers)})}
        kept.parts.update(count)
        self._told(code, count)

    async def close(self, code: str) -> list[str]:
        kept = self._used(code)
        if not kept.open:
            raise Late
        kept.open = False
        return list(kept.answers.values())

    def sweep(self) -> None:
        before = self._clock() - FORGOTTEN_S
        for code in [code for code, kept in self._rooms.items() if kept.used <= before]:
            self._forget(code)

    def _make_way(self) -> None:
        """One more room fits; the longest unused makes way if nothing has happened in it.

        Raises:
            Full: if all are in use.
        """
        if len(self._rooms) < ROOMS:
            return
        code, kept = next(iter(self._rooms.items()))
        if kept.used > self._clock() - IDLE_S:
            raise Full
        self._forget(code)

    def _kept(self, code: str) -> _Kept:
        if code not in self._rooms:
            raise Gone
        return self._rooms[code]

    def _used(self, code: str) -> _Kept:
        kept = self._kept(code)
        kept.used = self._clock()
        self._rooms.move_to_end(code)
        return kept

    def _forget(self, code: str) -> None:
        del self._rooms[code]
        self._told(code, None)
