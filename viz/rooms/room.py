"""What lecturers and followers may do in rooms, whatever the store."""

from __future__ import annotations

import asyncio
import hmac
import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from typing import Any

from viz.rooms import reading
from viz.rooms.codes import SECRET, code_of, owner_of, typed
from viz.rooms.feed import Feed, Feeds
from viz.rooms.limits import (
    CHANGES_A_SECOND,
    CHANGES_AT_ONCE,
    DIFFERENT_ANSWERS,
    OPENING_EVERY_S,
    OPENINGS_PER_ADDRESS,
    ROOMS,
    STREAMS,
    VIEWS_A_SECOND,
    VIEWS_AT_ONCE,
)
from viz.rooms.pace import Clock, Guesses, Pace
from viz.rooms.reading import written
from viz.rooms.refusals import Down, Full, Gone, Late, Malformed, NotYours, TooFast
from viz.rooms.store import Hears, Parts, RoomStore


class Rooms:
    """All rooms as this process sees them.

    Args:
        store: makes the store, from what must be told every change.
        clock: seconds from any beginning.
    """

    def __init__(self, store: Callable[[Hears], RoomStore], clock: Clock = time.monotonic) -> None:
        self.feeds = Feeds()
        self.store = store(self.feeds)
        self._openings = Pace(1 / OPENING_EVERY_S, OPENINGS_PER_ADDRESS, clock=clock)
        self._views = Pace(VIEWS_A_SECOND, VIEWS_AT_ONCE, 2 * ROOMS, clock)
        self._others = Pace(CHANGES_A_SECOND, CHANGES_AT_ONCE, 2 * ROOMS, clock)
        self._guesses = Guesses(clock=clock)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """For as long as the server runs."""
        work = asyncio.create_task(self.store.run())
        try:
            yield
        finally:
            work.cancel()
            with suppress(asyncio.CancelledError):
                await work

    # ── The lecturer ────────────────────────────────────────────────────────────────────────────

    async def open(self, secret: str, address: str) -> str:
        """Opens the room of a secret, or goes on with it: its code.

        Raises:
            Malformed: if it is no secret.
            TooFast: if too many come from this address. An empty one has no such bound, for it is
                that of everybody behind a proxy on this machine.
            NotYours, Full, Down: see `RoomStore.open`.
        """
        if not SECRET.fullmatch(secret):
            raise Malformed
        owner = owner_of(secret)
        code = code_of(owner)
        if address and not await self._is_open(code) and not self._openings.allows(address):
            raise TooFast
        await self.store.open(code, owner, {"paused": b"false", "round": b"null"})
        await self._feed(code)
        return code

    async def show(self, code: str, secret: str, view: bytes) -> None:
        """The lecturer's view; while the room is paused, nobody gets it.

        Raises:
            TooFast: if too many come; the newest must be sent again.
            NotYours, Gone, Down: see `RoomStore`.
        """
        parts = await self._of_lecturer(code, secret)
        if not self._views.allows(parts[".owner"]):
            raise TooFast
        if parts["paused"] != b"true":
            await self.store.put(code, {"view": view})

    async def pause(self, code: str, secret: str, paused: bytes) -> None:
        """Lets the followers wait, or follow again."""
        await self._changes(code, secret)
        await self.store.put(code, {"paused": paused})

    async def end(self, code: str, secret: str) -> None:
        """Ends the room; everybody is told, and nothing of it is kept."""
        await self._of_lecturer(code, secret)
        await self.store.end(code)

    # ── The rounds ──────────────────────────────────────────────────────────────────────────────

    async def ask(
        self, code: str, secret: str, question: dict[str, Any], truth: dict[str, Any], attempt: int
    ) -> int:
        """Asks the class: the number of the round.

        A second attempt at the same question has the tally of the first beside it; where nobody has
        seen that yet, only when it is closed.
        """
        parts = await self._changes(code, secret)
        former = json.loads(parts["round"]) or {}
        again = attempt == 2 and former.get("attempt") == 1 and former["question"] == question
        said: dict[str, Any] = {"attempt": 1 + again, "question": question, "open": True}
        hidden: dict[str, Any] = {"truth": truth}
        if again and former["open"]:
            hidden["before"] = tally(await self.store.close(code))
        elif again:
            said["before"] = former["tally"]
        said["number"] = number = await self.store.begin(code)
        await self.store.put(code, {"round": written(said), ".hidden": written(hidden)})
        return number

    async def close_round(self, code: str, secret: str, *, truth: bool = True) -> None:
        """Closes the round; only now does anybody get its answers and its truth.

        Args:
            truth: whether it is told. It may be told later, by closing the closed round again.

        Raises:
            Late: if none is open, or everything has been told.
        """
        parts = await self._changes(code, secret)
        asked = json.loads(parts["round"])
        if not asked or (not asked["open"] and ("truth" in asked or not truth)):
            raise Late
        if asked["open"]:
            answers = await self.store.close(code)
            asked |= {"open": False, "answers": len(answers), "tally": tally(answers)}
        hidden = json.loads(parts[".hidden"])
        asked |= {name: part for name, part in hidden.items() if truth or name != "truth"}
        await self.store.put(code, {"round": written(asked)})

    async def drop_round(self, code: str, secret: str) -> None:
        """Takes the question away."""
        await self._changes(code, secret)
        with suppress(Late):  # it may be closed
            await self.store.close(code)
        await self.store.put(code, {"round": b"null", ".hidden": b"{}"})

    # ── The followers ───────────────────────────────────────────────────────────────────────────

    async def find(self, text: str, address: str) -> str:
        """The code of the room that somebody typed.

        Raises:
            Gone: if there is none.
            TooFast: if this address tried too many others.
        """
        code = typed(text)
        if code is None:
            raise Gone
        if not self._guesses.allows(address, code):
            raise TooFast
        if not await self._is_open(code):
            self._guesses.wrong(address, code)
            raise Gone
        self._guesses.right(address, code)
        return code

    async def follow(self, text: str, address: str) -> Feed:
        """The feed of a room with a place for one more stream.

        Raises:
            Gone, TooFast: see `find`.
            Full: if there are too many streams.
        """
        feed = await self._feed(await self.find(text, address))
        if not feed.has_place(address) or self.feeds.streams >= STREAMS:
            raise Full
        return feed

    async def answer(self, text: str, address: str, number: int, browser: str, said: Any) -> None:
        """A follower's answer to the open round.

        Raises:
            Malformed: if the question has no such answer.
            Late, Twice, Full: see `RoomStore.answer`.
            TooFast: if too many come from this address.
        """
        code = await self.find(text, address)
        asked = json.loads((await self.store.parts(code))["round"])
        if not asked or not asked["open"] or asked["number"] != number:
            raise Late
        answer = reading.judged(asked["question"], said)
        feed = await self._feed(code)
        if not feed.may_answer(address):
            raise TooFast
        await self.store.answer(code, number, browser, answer)
        feed.answered(address)

    # ── Both ────────────────────────────────────────────────────────────────────────────────────

    async def _of_lecturer(self, code: str, secret: str) -> Parts:
        """The parts of the room, if the secret is the one that opened it."""
        if not SECRET.fullmatch(secret):
            raise NotYours
        owner = owner_of(secret)
        if code_of(owner) != typed(code):
            raise NotYours
        parts = await self.store.parts(code_of(owner))
        if not hmac.compare_digest(parts[".owner"], owner.encode()):
            raise NotYours
        return parts

    async def _changes(self, code: str, secret: str) -> Parts:
        """The parts of the lecturer's room, for a change other than of the view.

        Raises:
            TooFast: if there are too many.
        """
        parts = await self._of_lecturer(code, secret)
        if not self._others.allows(parts[".owner"]):
            raise TooFast
        return parts

    async def _is_open(self, code: str) -> bool:
        try:
            await self.store.parts(code)
        except Gone:
            return False
        except Down:
            if self.feeds.get(code) is None:
                raise  # else those who follow here go on with what there is
        return True

    async def _feed(self, code: str) -> Feed:
        feed = self.feeds.get(code)
        if feed is None:
            feed = self.feeds.of(code)
            feed.begin(await self.store.parts(code))
        return feed


def tally(answers: Iterable[str]) -> list[tuple[Any, int]]:
    """How many gave which answer, the most frequent first.

    >>> tally(["2", "1", "2"])
    [(2, 2), (1, 1)]
    """
    counted = Counter(answers).most_common(DIFFERENT_ANSWERS)
    return [(json.loads(answer), count) for answer, count in counted]
