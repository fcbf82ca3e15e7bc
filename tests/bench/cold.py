"""A browser with an empty cache: every file of a first open, over as many connections as it opens."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from client import Answer, Connection, Failed

CONNECTIONS = 6  # that a browser opens to one server
ENCODINGS = {"Accept-Encoding": "gzip, br"}
TIMEOUT_S = 60


@dataclass
class ColdLoads:
    """What several of them have got: bytes as they came over the wire, and errors."""

    bytes: int = 0
    errors: list[str] = field(default_factory=list)


async def cold_load(netloc: str, files: Sequence[str], seen: ColdLoads) -> None:
    """The page, then everything else over as many connections as a browser opens."""
    page, *rest = files
    lanes = [Connection(netloc, TIMEOUT_S) for _ in range(CONNECTIONS)]
    await _load(lanes[0], deque([page]), seen)
    left = deque(rest)
    await asyncio.gather(*(_load(lane, left, seen) for lane in lanes))
    for lane in lanes:
        lane.close()


async def _load(lane: Connection, left: deque[str], seen: ColdLoads) -> None:
    while left:
        path = left.popleft()
        try:
            answer = await lane.get(path, ENCODINGS)
            seen.bytes += len(answer.body)
            well(path, answer)
        except OSError as error:
            seen.errors.append(f"{path}: {error!r}")


def well(path: str, answer: Answer) -> None:
    """Raises Failed if an answer is none: an unknown path is answered with the page."""
    page = answer.headers.get("content-type", "").startswith("text/html")
    if answer.status != 200 or (page and path != "/"):
        raise Failed(f"{path}: {answer.status}")
