"""A class that follows a lecturer who drags: from his post to the event, and to the maps in hand.

The lecturer is a process of his own. He changes ten values a second, posts each to his room and
asks for its maps, as his canvas does. Every follower has a stream of events and a canvas: it asks for
the maps of the view that came last, one request at a time. Both clocks are the machine's own.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from secrets import token_urlsafe
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import quiet
import report
from canvas import Canvas, header, probe, reduced
from client import Answer, Connection, Stream, run
from cpus import Cpu
from rounds import percentile
from servers import started, streamlit, wait_for
from visitors import PICTURES, SHOWN_PX, Visitor

CHANGES_A_SECOND = 10
SECONDS = 20
PATIENCE_S = 10  # for the maps of the last view
# Figure of "followers" in the JSON -> its target.
TARGETS = {"errors": 0, "event_p95_ms": 300, "maps_p95_ms": 300, "most_computed": 1}


@dataclass
class Lecture:
    """What the lecturer has posted.

    Attributes:
        posted: for each change, when its post began (seconds of the monotonic clock).
        errors: what came instead of an answer.
        seen: of every value, the headers of its maps.
    """

    posted: dict[int, float] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    seen: dict[str, set[bytes]] = field(default_factory=dict)


def lecture(netloc: str, secret: str, code: str, seconds: float) -> Lecture:
    """Drags for so long, then releases; in a process of its own."""
    return run(_lecture(netloc, secret, code, seconds))


async def _lecture(netloc: str, secret: str, code: str, seconds: float) -> Lecture:
    given, hand = Lecture(), Visitor(0)
    posts = Connection(netloc)
    canvas = Canvas(Connection(netloc), await probe(netloc))
    drawn: set[asyncio.Task[None]] = set()
    begun, last = time.monotonic(), int(seconds * CHANGES_A_SECOND) - 1
    while last not in given.posted:
        change = min(last, int((time.monotonic() - begun) * CHANGES_A_SECOND))
        if change in given.posted:  # one request at a time, and what is outdated is left out
            await asyncio.sleep(begun + (change + 1) / CHANGES_A_SECOND - time.monotonic())
            continue
        live = change < last
        query = query_of(hand.under_the_hand(change / CHANGES_A_SECOND))
        if not drawn:
            task = asyncio.ensure_future(_draw(canvas, query, live, given))
            drawn.add(task)
            task.add_done_callback(drawn.discard)
        given.posted[change] = time.monotonic()
        answer = await posts.send(
            "PUT",
            f"/rooms/{code}/view",
            {"X-Pointwise-Secret": secret, "Sec-Fetch-Site": "same-origin"},
            view(query, change, live),
        )
        if answer.status != 204:
            given.errors.append(f"view {change}: {answer.status} {answer.body[:80]!r}")
    await asyncio.gather(*drawn)
    return given


async def _draw(canvas: Canvas, query: str, live: bool, given: Lecture) -> None:
    answer = await canvas.maps("lab", dict(parse_qsl(query)), SHOWN_PX, moving=live)
    if answer.status != 200:
        given.errors.append(f"maps: {answer.status}")
    elif not reduced(answer):
        given.seen.setdefault(query, set()).add(header(answer.body))


def query_of(hand: dict[str, str]) -> str:
    """The lecturer's view as the address says it.

    >>> query_of({"wavelength_px": "6"})
    'picture=coffee&working_size_px=112&stage=bank&wavelength_px=6'
    """
    common = {"picture": PICTURES[0], "working_size_px": str(SHOWN_PX), "stage": "bank"}
    return urlencode({**common, **hand})


def view(query: str, change: int, live: bool) -> bytes:
    """A view as the lecturer's page posts it; the pointer says which change it is.

    >>> number(json.loads(view("", 17, True)))
    17
    """
    pointer = [change / 2**20, 0.5]
    said = {"slug": "lab", "query": query, "live": live, "pointer": pointer}
    return json.dumps(said).encode()


def number(said: dict[str, Any]) -> int:
    """Which change a view is."""
    return round(said["pointer"][0] * 2**20)


@dataclass
class Follower:
    """One of the class.

    Attributes:
        heard: when each change came.
        drawn: when the maps of a change were here, for every view that was drawn.
        errors: what came instead.
        reduced: how many of the maps came in a lower resolution.
        seen: of every value, the headers of its maps.
    """

    heard: dict[int, float] = field(default_factory=dict)
    drawn: dict[int, float] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    reduced: int = 0
    seen: dict[str, set[bytes]] = field(default_factory=dict)

    async def follow(self, netloc: str, code: str, in_query: bool, last: int) -> None:
        """Until the maps of the last change are here."""
        self._newest: dict[str, Any] | None = None
        self._news = asyncio.Event()
        stream, connection = Stream(self._hear), Connection(netloc)
        canvas = Canvas(connection, in_query)
        try:
            await stream.open(netloc, f"/rooms/{code}/events")
            while last not in self.drawn and stream.is_open:
                await self._news.wait()
                self._news.clear()
                if self._newest:
                    await self._draw(canvas, self._newest)
        except (OSError, asyncio.CancelledError) as error:
            self.errors.append(repr(error))
        if stream.status != 200 or not stream.is_open:
            self.errors.append(f"the stream: {stream.status}, open: {stream.is_open}")
        stream.close()
        connection.close()

    def _hear(self, kind: str, data: bytes) -> None:
        if kind == "view":
            self._newest = json.loads(data)
            self.heard[number(self._newest)] = time.monotonic()
            self._news.set()

    async def _draw(self, canvas: Canvas, said: dict[str, Any]) -> None:
        query = dict(parse_qsl(said["query"]))
        answer = await canvas.maps("lab", query, SHOWN_PX, moving=said["live"])
        if answer.status != 200:
            self.errors.append(f"maps: {answer.status} {answer.body[:80]!r}")
            return
        self.drawn[number(said)] = time.monotonic()
        self._keep(said["query"], answer)

    def _keep(self, query: str, answer: Answer) -> None:
        if reduced(answer):
            self.reduced += 1
        else:
            self.seen.setdefault(query, set()).add(header(answer.body))


def measured(followers: int, cpu: Cpu) -> dict[str, Any]:
    """Starts a server and lets a class follow, see `TARGETS` for what is measured."""
    with started(streamlit("app.py"), cpu) as (address, process):
        wait_for(address, process)
        return run(_measured(followers, urlsplit(address).netloc, process.pid))


async def _measured(followers: int, netloc: str, server: int) -> dict[str, Any]:
    in_query, secret = await probe(netloc), token_urlsafe(32)
    opened = await Connection(netloc).send("POST", "/rooms", {"X-Pointwise-Secret": secret})
    code = json.loads(opened.body)["code"]
    last = SECONDS * CHANGES_A_SECOND - 1
    everybody = [Follower() for _ in range(followers)]
    loop, spawn = asyncio.get_running_loop(), multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn) as pool:
        await loop.run_in_executor(pool, lecture, netloc, secret, code, 0.1)  # its imports
        follow = (each.follow(netloc, code, in_query, last) for each in everybody)
        following = asyncio.gather(*follow)
        await asyncio.sleep(1)
        here, before = time.process_time(), quiet.used_by(server)
        given = await loop.run_in_executor(pool, lecture, netloc, secret, code, SECONDS)
        with suppress(TimeoutError):  # each says so itself
            await asyncio.wait_for(following, PATIENCE_S)
        used = quiet.used_by(server) - before
    return {
        **summed_up(given, everybody),
        "server_cpu_s": round(used, 1),
        "clients_cpu_s": round(time.process_time() - here, 1),
    }


def summed_up(given: Lecture, everybody: Sequence[Follower]) -> dict[str, Any]:
    """The figures; None where nothing was seen.

    Returns:
        Beside those of `TARGETS`: `heard` and `drawn`, which part of the changes the followers
        heard of and drew, in percent; `ended_on_last_view`, how many of them.
    """
    events = _waits(given, [each.heard for each in everybody])
    maps = _waits(given, [each.drawn for each in everybody])
    errors = [*given.errors, *(error for each in everybody for error in each.errors)]
    changes = max(1, len(given.posted) * len(everybody))
    last = max(given.posted, default=0)
    return {
        "followers": len(everybody),
        "changes": len(given.posted),
        "errors": len(errors),
        "first_errors": errors[:3],
        "ended_on_last_view": sum(last in each.drawn for each in everybody),
        "event_median_ms": _at(events, 0.5),
        "event_p95_ms": _at(events, 0.95),
        "maps_median_ms": _at(maps, 0.5),
        "maps_p95_ms": _at(maps, 0.95),
        "heard": round(100 * len(events) / changes, 1),
        "drawn": round(100 * len(maps) / changes, 1),
        "reduced": sum(each.reduced for each in everybody),
        "most_computed": most_computed([given.seen, *(each.seen for each in everybody)]),
        "targets": TARGETS,
    }


def _waits(given: Lecture, times: Sequence[dict[int, float]]) -> list[float]:
    """Milliseconds from the post of each change to each of these times."""
    return [1000 * (at - given.posted[change]) for one in times for change, at in one.items()]


def _at(values: Sequence[float], share: float) -> float | None:
    return round(percentile(values, share), 1) if values else None


def most_computed(seen: Sequence[dict[str, set[bytes]]]) -> int:
    """How often the server computed the maps that it computed most often; each says its own time.

    >>> most_computed([{"a": {b"1 ms"}, "b": {b"2 ms"}}, {"a": {b"1 ms"}, "b": {b"3 ms"}}])
    2
    """
    together: dict[str, set[bytes]] = {}
    for one in seen:
        for value, headers in one.items():
            together.setdefault(value, set()).update(headers)
    return max(map(len, together.values()), default=0)


# --- words ---------------------------------------------------------------------------------------


def rows(found: Sequence[dict[str, Any]]) -> list[report.Row]:
    """A row for each figure; `found` has one set of figures for each way to measure."""

    def row(words: str, name: str, unit: str = "") -> report.Row:
        target = ("at most", TARGETS[name]) if name in TARGETS else ("", 0)
        return report.Row(words, [each[name] for each in found], unit, *target)

    return [
        row("errors", "errors"),
        row("followers who ended on the last view", "ended_on_last_view"),
        row("the lecturer's post → the event, median", "event_median_ms", " ms"),
        row("the same, 95th percentile", "event_p95_ms", " ms"),
        row("the lecturer's post → its maps, median", "maps_median_ms", " ms"),
        row("the same, 95th percentile", "maps_p95_ms", " ms"),
        row("of all changes, heard of", "heard", " %"),
        row("of all changes, drawn", "drawn", " %"),
        row("of all maps, in a lower resolution", "reduced"),
        row("computations of one picture, at most", "most_computed"),
        row("CPU of the server", "server_cpu_s", " s"),
        row("CPU of the clients, on the same machine", "clients_cpu_s", " s"),
    ]


def section(found: dict[Cpu, dict[str, Any]]) -> str:
    """The figures as a section of the page, each beside its target."""
    first = next(iter(found.values()))
    return "\n".join(
        [
            f"## {first['followers']} who follow a lecturer\n",
            *(f"* {line}" for line in report.machine()),
            f"* A lecturer drags for {SECONDS} s at {CHANGES_A_SECOND} changes a second; {first['followers']} clients have a stream of events each and ask for "
            f"the maps of the view that came last; {SHOWN_PX} px. A view that a newer one overtakes is not drawn.\n",
            report.judged_table(list(found), rows(list(found.values()))),
        ]
    )
