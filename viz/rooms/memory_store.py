"""Rooms in the memory of one process."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from dataclasses import dataclass, field

from viz.rooms.limits import FOLLOWERS, FORGOTTEN_S, IDLE_S, ROOMS
from viz.rooms.pace import Clock
from viz.rooms.reading import written
from viz.rooms.refusals import Full, Gone, Late, NotYours, Twice
from viz.rooms.store import SWEEP_S, Hears, Parts


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
        hears: is told every change.
        clock: seconds from any beginning.
    """

    def __init__(self, hears: Hears, clock: Clock = time.monotonic) -> None:
        self._told = hears.told
        self._clock = clock
        self._rooms: OrderedDict[str, _Kept] = OrderedDict()  # the longest unused first

    async def open(self, code: str, owner: str, parts: Parts) -> None:
        await self.sweep()
        if code not in self._rooms:
            self._make_way()
            self._rooms[code] = _Kept({**parts, ".owner": owner.encode()}, self._clock())
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

    async def sweep(self) -> None:
        before = self._clock() - FORGOTTEN_S
        for code in [code for code, kept in self._rooms.items() if kept.used <= before]:
            self._forget(code)

    async def run(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_S)
            await self.sweep()

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
