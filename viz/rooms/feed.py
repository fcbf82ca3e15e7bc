"""What the followers of a room in this process are sent: of each kind of event the newest.

Nothing waits in a queue. An event is text once, whoever gets it; a stream only knows the number of
the last change that it has sent, so a slow follower costs nothing and misses only what is outdated.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from viz.rooms.limits import (
    ANSWERS_WITHOUT_STREAM,
    COMMENT_S,
    FOLLOWERS,
    FOLLOWERS_PER_ADDRESS,
    ROOMS,
    SOON_S,
)
from viz.rooms.reading import written
from viz.rooms.store import ELSEWHERE, Parts

COMMENT = b":\n\n"
BEGINNING = b"retry: 1000\n\n"  # milliseconds until a browser connects again
KINDS = ("room", "view", "round", "answers")  # in which order a latecomer gets them


class Event(NamedTuple):
    """The newest of its kind: as which change it came, and its text."""

    change: int
    text: bytes


class Feeds:
    """The feeds of this process, by code; those without streams are dropped when there are many."""

    def __init__(self) -> None:
        self._feeds: OrderedDict[str, Feed] = OrderedDict()
        self._interrupted = False

    def get(self, code: str) -> Feed | None:
        """The feed of a room, if anybody here asked for it."""
        return self._feeds.get(code)

    def of(self, code: str) -> Feed:
        """The feed of a room, an empty one if there was none."""
        feed = self._feeds.setdefault(code, Feed())
        feed.interrupted(self._interrupted)
        self._feeds.move_to_end(code)
        idle = [each for each, old in self._feeds.items() if not old.streams and old is not feed]
        for each in idle[: max(0, len(self._feeds) - ROOMS)]:
            del self._feeds[each]
        return feed

    def told(self, code: str, parts: Parts | None) -> None:
        """A room has changed, or has ended if `parts` is None."""
        feed = self._feeds.get(code)
        if feed:
            feed.take(parts)
        if parts is None:
            self._feeds.pop(code, None)

    def interrupted(self, now: bool) -> None:
        """Whether the store cannot be reached."""
        self._interrupted = now
        for feed in self._feeds.values():
            feed.interrupted(now)

    def codes(self) -> list[str]:
        """The rooms of which there is a feed."""
        return list(self._feeds)

    def followers(self) -> dict[str, int]:
        """How many follow each room here."""
        return {code: feed.followers for code, feed in self._feeds.items()}

    def stop(self) -> None:
        """Ends all streams, though their rooms go on: the server stops."""
        for feed in self._feeds.values():
            feed.stop()

    @property
    def streams(self) -> int:
        """How many are open, of all rooms."""
        return sum(feed.streams for feed in self._feeds.values())


class Feed:
    """One room, as this process sends it to its followers."""

    def __init__(self) -> None:
        self.ended = self._stopped = False
        self._change = 0
        self._events: dict[str, Event] = {}
        self._wake = asyncio.Event()
        self._addresses: Counter[str] = Counter()
        self._streams = 0
        self._answers: Counter[str] = Counter()
        self._paused = self._interrupted = False
        self._elsewhere: dict[str, tuple[int, float]] = {}
        self._late: dict[str, bytes] = {}
        self._timer: asyncio.TimerHandle | None = None

    # ── What changes ────────────────────────────────────────────────────────────────────────────

    def take(self, parts: Parts | None) -> None:
        """The newest parts of the room; None when it has ended."""
        if parts is None:
            self.ended = True
            self._tell_room()
            return
        if "paused" in parts:
            self._paused = json.loads(parts["paused"])
            self._tell_room()
        if "view" in parts:
            self._tell("view", parts["view"])
        if "round" in parts and self._tell("round", parts["round"]):
            self._answers.clear()
            self._late.pop("answers", None)
            self._events.pop("answers", None)
        if "answers" in parts:
            self._tell_soon("answers", parts["answers"])
        for name in parts:
            if name.startswith(ELSEWHERE):
                self._elsewhere[name] = int(parts[name]), time.monotonic()
                self._tell_soon("room")

    def begin(self, parts: Parts) -> None:
        """The parts as they were read; what has changed since then stays."""
        known = {"paused" if kind == "room" else kind for kind in self._events}
        self.take({name: part for name, part in parts.items() if name not in known})

    def stop(self) -> None:
        """Ends the streams."""
        self._stopped = True
        self._wake.set()

    def interrupted(self, now: bool) -> None:
        """Whether the store cannot be reached."""
        if now != self._interrupted:
            self._interrupted = now
            self._tell_room()

    def _tell_room(self) -> None:
        followers = self.followers + self._others()
        said = {"paused": self._paused, "ended": self.ended, "followers": followers}
        self._late.pop("room", None)
        self._tell("room", written({**said, "interrupted": self._interrupted}))

    def _others(self) -> int:
        """How many follow on other servers that still are there."""
        after = time.monotonic() - 3 * COMMENT_S
        there = {name: told for name, told in self._elsewhere.items() if told[1] > after}
        self._elsewhere = there
        return sum(number for number, _ in there.values())

    def _tell(self, kind: str, data: bytes) -> bool:
        """Tells everybody; False if that is what they were told last."""
        text = b"event: %b\ndata: %b\n\n" % (kind.encode(), data)
        if kind in self._events and self._events[kind].text == text:
            return False
        self._change += 1
        self._events[kind] = Event(self._change, text)
        self._wake.set()
        self._wake = asyncio.Event()
        return True

    def _tell_soon(self, kind: str, data: bytes = b"") -> None:
        """A count: many change at once, and everybody is told."""
        self._late[kind] = data
        if not self._streams:
            self._tell_late()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(SOON_S, self._tell_late)

    def _tell_late(self) -> None:
        self._timer, late, self._late = None, self._late, {}
        if "room" in late:
            self._tell_room()
        if "answers" in late:
            self._tell("answers", late["answers"])

    # ── Who follows ─────────────────────────────────────────────────────────────────────────────

    @property
    def followers(self) -> int:
        """How many streams of followers are open here."""
        return self._addresses.total()

    @property
    def streams(self) -> int:
        """How many streams are open, those of the lecturer among them."""
        return self._streams

    def has_place(self, address: str) -> bool:
        """Whether one more stream from this address fits."""
        return self._streams < FOLLOWERS and self._addresses[address] < FOLLOWERS_PER_ADDRESS

    @contextmanager
    def place(self, address: str, *, lecturer: bool) -> Iterator[None]:
        """A stream counts for as long as this is open."""
        self._streams += 1
        self._addresses[address] += not lecturer
        self._tell_soon("room")
        try:
            yield
        finally:
            self._streams -= 1
            self._addresses[address] -= not lecturer
            if not self._addresses[address]:
                del self._addresses[address]
            if not self._streams and self._timer:
                self._timer.cancel()
            self._tell_soon("room")

    def may_answer(self, address: str) -> bool:
        """Whether one more answer may come from this address: there are streams for the others."""
        most = ANSWERS_WITHOUT_STREAM + 2 * self._addresses[address]
        return self._answers[address] < most

    def answered(self, address: str) -> None:
        """Counts an answer to the present round."""
        self._answers[address] += 1

    # ── What one follower is sent ───────────────────────────────────────────────────────────────

    async def events(self) -> AsyncIterator[bytes]:
        """All that there is, then what changes; a comment when nothing does. Ends with the room."""
        yield BEGINNING
        sent = 0
        while True:
            newer, sent = self._newer_than(sent), self._change
            if newer:
                yield newer
            elif self.ended or self._stopped:
                return
            elif not await self._changes():
                yield COMMENT

    def _newer_than(self, sent: int) -> bytes:
        there = (self._events[kind] for kind in KINDS if kind in self._events)
        texts = [event.text for event in there if event.change > sent]
        return texts[0] if len(texts) == 1 else b"".join(texts)

    async def _changes(self) -> bool:
        """Waits for a change; False if none comes until a comment is due."""
        try:
            async with asyncio.timeout(COMMENT_S):
                await self._wake.wait()
        except TimeoutError:
            return False
        return True
