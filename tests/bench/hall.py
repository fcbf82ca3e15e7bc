"""A lecture hall: it opens the Lab within seconds while the lecturer drags, then follows him in a room.

    python tests/bench/hall.py --sessions 200 --cold 200 --followers 200

A session is Streamlit's own websocket protocol: the page, the first run, the maps as the canvas asks
for them with the token that the page gave it, some time to think, and leaving. The lecturer is a process
of his own, so that the sessions' clients do not hold him up. A cold load is a browser with an empty cache:
every file of a first open, six connections. Followers are in `followers.py`. The figures go into `docs/performance.md` and `.json`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import random
import resource
import sys
import time
from collections.abc import Awaitable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit

import cpus
import followers
import quiet
import report
from canvas import Canvas, probe
from client import Connection, run
from cold import CONNECTIONS, ColdLoads, cold_load, well
from cpus import Cpu
from opening import opening
from rounds import percentile
from servers import started, streamlit, wait_for
from session import Session, token
from visitors import Visitor
from websockets.exceptions import WebSocketException

BEFORE = ("/", "/_stcore/health", "/_stcore/host-config")  # what a page asks for before its socket
FIRST_SHOWN_PX = 128  # what the canvas asks for before it knows how much room it has
THINK_S = (2.0, 6.0)
TIMEOUT_S = 60
LECTURER_WARM_S = 1.0
CALM = 0.2  # of a CPU: a server that uses less has nothing to do
# Figure of "hall" in the JSON -> its target.
TARGETS = {
    "errors": 0,
    "first_run_p95_ms": 150,
    "maps_p95_ms": 300,
    "lecturer_p95_ms": 300,
    "server_cpu_s": 6,
    "cold_loads_s": 6,
}


@dataclass(frozen=True)
class Plan:
    """How many come, and within how many seconds; how many load every file with an empty cache."""

    sessions: int
    spread_s: float
    cold: int


@dataclass
class Seen:
    """What the sessions and the cold loads have seen."""

    first_run_ms: list[float] = field(default_factory=list)
    maps_ms: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    cold: ColdLoads = field(default_factory=ColdLoads)


def measured(plan: Plan, cpu: Cpu) -> dict[str, Any]:
    """Starts a server and lets the hall come, see `TARGETS` for what is measured."""
    with started(streamlit("app.py"), cpu) as (address, process), _many_files():
        wait_for(address, process)
        return run(_measured(plan, address, process.pid))


@contextmanager
def _many_files() -> Iterator[None]:
    """For the clients alone: the server keeps the limit that its user has."""
    usual, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (usual, most))


async def _measured(plan: Plan, address: str, server: int) -> dict[str, Any]:
    netloc = urlsplit(address).netloc
    found = await asyncio.to_thread(opening, address)
    in_query = await probe(netloc)
    seen, here = Seen(), time.process_time()
    await _warm(address, in_query)
    lecturer, used = await _opened(plan, address, in_query, seen, server)
    await _calm(server)
    # what is compressed once is not compressed now
    await cold_load(netloc, found.files, ColdLoads())
    cold_s = await _seconds(
        asyncio.gather(*(cold_load(netloc, found.files, seen.cold) for _ in range(plan.cold)))
    )
    figures = summed_up(plan, seen, lecturer, used, cold_s)
    return {
        **figures,
        "cold_files": len(found.files),
        "cold_files_are_those": found.said,
        "clients_cpu_s": round(time.process_time() - here, 1),
    }


async def _warm(address: str, in_query: bool) -> None:
    """One session that is not measured.

    Raises:
        RuntimeError: if not even that one gets its maps.
    """
    guest = Guest(address, in_query, seen := Seen())
    await guest.open()
    await guest.leave()
    if seen.errors:
        raise RuntimeError(seen.errors[0])


async def _calm(server: int) -> None:
    """Waits until a server has nothing left to do: what a crowd left behind holds no file up."""
    deadline, before = time.monotonic() + TIMEOUT_S, float("-inf")
    while (used := quiet.used_by(server)) - before > CALM and time.monotonic() < deadline:
        before = used
        await asyncio.sleep(1)


async def _opened(
    plan: Plan, address: str, in_query: bool, seen: Seen, server: int
) -> tuple[Visitor, float]:
    """All sessions, and the lecturer from a second before until the first of them may leave.

    Returns:
        The lecturer, and the seconds of CPU that the server used until the last had its maps, his
        drag included.
    """
    chance = random.Random(0)
    netloc, seconds = urlsplit(address).netloc, plan.spread_s + LECTURER_WARM_S + THINK_S[0]
    loop, spawn = asyncio.get_running_loop(), multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn) as pool:
        await loop.run_in_executor(pool, lecture, netloc, in_query, 0.0)  # its imports
        before = quiet.used_by(server)
        lecturer = loop.run_in_executor(pool, lecture, netloc, in_query, seconds)
        await asyncio.sleep(LECTURER_WARM_S)
        guests = [Guest(address, in_query, seen) for _ in range(plan.sessions)]
        opened = (guest.open(chance.uniform(0, plan.spread_s)) for guest in guests)
        await asyncio.gather(*opened)
        used = quiet.used_by(server) - before
        await asyncio.gather(*(guest.leave(chance.uniform(*THINK_S)) for guest in guests))
        return await lecturer, used


def lecture(netloc: str, in_query: bool, seconds: float) -> Visitor:
    """Drags for so long, in a process of its own."""

    async def drag() -> Visitor:
        connection, lecturer = Connection(netloc), Visitor(0)
        await lecturer.drag(Canvas(connection, in_query), time.monotonic(), seconds)
        connection.close()
        return lecturer

    return run(drag())


class Guest:
    """One session, from the page to leaving."""

    def __init__(self, address: str, in_query: bool, seen: Seen) -> None:
        self._session, self._in_query, self._seen = Session(address), in_query, seen
        self._connection = Connection(urlsplit(address).netloc)

    async def open(self, after_s: float = 0) -> None:
        """Comes after so long; the page, its first run, its maps."""
        await asyncio.sleep(after_s)
        try:
            async with asyncio.timeout(TIMEOUT_S):
                for path in BEFORE:
                    well(path, await self._connection.get(path))
                began = time.monotonic()
                await self._session.connect()
                messages = await self._session.run()
                self._seen.first_run_ms.append(1000 * (time.monotonic() - began))
                began = time.monotonic()
                canvas = Canvas(self._connection, self._in_query, token(messages))
                well("maps", await canvas.maps("lab", {}, FIRST_SHOWN_PX))
                self._seen.maps_ms.append(1000 * (time.monotonic() - began))
        except (OSError, WebSocketException) as error:
            self._seen.errors.append(repr(error))

    async def leave(self, after_s: float = 0) -> None:
        """Thinks for so long and goes."""
        await asyncio.sleep(after_s)
        await self._session.close()
        self._connection.close()


async def _seconds(work: Awaitable[object]) -> float:
    began = time.monotonic()
    await work
    return time.monotonic() - began


def summed_up(
    plan: Plan, seen: Seen, lecturer: Visitor, used_s: float, cold_s: float
) -> dict[str, Any]:
    """The figures; None where nothing was seen."""
    errors = [*seen.errors, *lecturer.errors, *seen.cold.errors]
    return {
        "sessions": plan.sessions,
        "errors": len(errors),
        "first_errors": errors[:3],
        "first_run_median_ms": _rounded(median(seen.first_run_ms or [0])),
        "first_run_p95_ms": _p95(seen.first_run_ms),
        "maps_p95_ms": _p95(seen.maps_ms),
        "lecturer_p95_ms": _p95(lecturer.waits_ms),
        "server_cpu_s": round(used_s, 1),
        "cold_loads": plan.cold,
        "cold_loads_s": round(cold_s, 1),
        "cold_mb": round(seen.cold.bytes / 1e6 / max(plan.cold, 1), 2),
        "targets": TARGETS,
    }


def _p95(times: Sequence[float]) -> float | None:
    return _rounded(percentile(times, 0.95)) if times else None


def _rounded(ms: float) -> float:
    return round(ms, 1)


# --- words ---------------------------------------------------------------------------------------


def rows(plan: Plan, found: Sequence[dict[str, Any]]) -> list[report.Row]:
    """A row for each figure; `found` has one set of figures for each way to measure."""

    def row(words: str, name: str, unit: str = "") -> report.Row:
        target = ("at most", TARGETS[name]) if name in TARGETS else ("", 0)
        return report.Row(words, [each[name] for each in found], unit, *target)

    return [
        row("errors", "errors"),
        row("first run of the page, median", "first_run_median_ms", " ms"),
        row("the same, 95th percentile", "first_run_p95_ms", " ms"),
        row("its first maps, 95th percentile", "maps_p95_ms", " ms"),
        row("the lecturer's value → its maps meanwhile, 95th percentile", "lecturer_p95_ms", " ms"),
        row("CPU of the server until all have their maps", "server_cpu_s", " s"),
        row(f"{plan.cold} cold loads of all files at once", "cold_loads_s", " s"),
        row("one cold load", "cold_mb", " MB"),
        row("CPU of the clients, on the same machine", "clients_cpu_s", " s"),
    ]


def section(plan: Plan, found: dict[Cpu, dict[str, Any]]) -> str:
    """The figures as a section of the page, each beside its target."""
    first = next(iter(found.values()))
    return "\n".join(
        [
            f"## A hall of {plan.sessions} who open the page\n",
            *(f"* {line}" for line in report.machine()),
            f"* {plan.sessions} sessions in Streamlit's websocket protocol, opened within {plan.spread_s:g} s; a lecturer drags meanwhile, "
            "and his part of the server's CPU is counted with theirs.",
            f"* A cold load is {first['cold_files']} files, {first['cold_files_are_those']}, over {CONNECTIONS} connections; accepted are gzip and br.\n",
            report.judged_table(list(found), rows(plan, list(found.values()))),
        ]
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Writes and prints the figures; 1 if there was an error."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--sessions", type=int, default=200)
    parser.add_argument("--spread", type=float, default=5, help="seconds within which all open")
    parser.add_argument("--cold", type=int, default=200, help="cold loads, all at once")
    parser.add_argument("--followers", type=int, default=200, help="of a room; 0 for none")
    parser.add_argument("--followers-only", action="store_true", help="nobody opens the page")
    cpus.add_option(parser)
    report.add_option(parser)
    asked = parser.parse_args(arguments)
    plan, errors = Plan(asked.sessions, asked.spread, asked.cold), 0
    if not asked.followers_only:
        found = {cpu: measured(plan, cpu) for cpu in cpus.chosen(asked.cpu)}
        errors += _put("hall", section(plan, found), found, asked.out)
    if asked.followers:
        found = {cpu: followers.measured(asked.followers, cpu) for cpu in cpus.chosen(asked.cpu)}
        errors += _put("followers", followers.section(found), found, asked.out)
    return int(errors > 0)


def _put(name: str, text: str, found: dict[Cpu, dict[str, Any]], out: Path) -> int:
    """Writes and prints figures: how many errors there were."""
    said = {cpu.name: each for cpu, each in found.items()}
    print(json.dumps(said, indent=2))
    report.put_section(name, text, out / report.MARKDOWN.name)
    report.put_figures({cpu: {name: each} for cpu, each in said.items()}, out / report.JSON.name)
    return sum(each["errors"] for each in said.values())


if __name__ == "__main__":
    sys.exit(main())
