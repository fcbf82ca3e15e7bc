"""Visitors who drag at once, or who all watch one drag: no error, and how long they wait.

    python tests/bench/visitors.py --visitors 10
    python tests/bench/visitors.py --visitors 50 --lecturer
    python tests/bench/visitors.py --visitors 200 --same

Each visitor is a plain HTTP client with a token of its own that sends what the canvas sends: one
request in flight, the newest value waits. As many browsers on the server's machine would measure mostly
one another. Without `--same` no value comes twice in the first minute, so no maps are ready-made;
with it every client asks for the same values at the same moments. `--lecturer` adds one more who drags
and is measured alone. The figures go into `docs/performance.md` and `.json`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import quiet
from canvas import Canvas, drawn, header, probe, reduced
from client import Answer, Connection, run
from cpus import Cpu, add_option, chosen
from report import JSON, MARKDOWN, Row, judged_table, machine, put_figures, put_section
from report import add_option as add_out
from rounds import percentile
from servers import started, streamlit, wait_for

PICTURES = ("coffee", "chelsea", "astronaut", "camera", "rocket", "retina", "brick", "grass")
WAVELENGTHS = [2 + step / 2 for step in range(8, 57)]
ASPECTS = [tenths / 10 for tenths in range(5, 31)]  # one for each pass: a minute of new values
VALUES_A_SECOND = 20
SHOWN_PX = 112
AGAIN_S = 0.05  # from maps in a lower resolution to asking for all of it
PATIENCE_S = 20  # for all of it, after the release
FEW = 49  # from this many dragging visitors on another page of figures, and other targets


@dataclass(frozen=True)
class Crowd:
    """Who comes.

    Attributes:
        visitors: how many drag or watch.
        seconds: how long.
        same: whether all watch the same drag.
        lecturer: whether one more drags, who is measured alone.
    """

    visitors: int
    seconds: float
    same: bool = False
    lecturer: bool = False

    @property
    def section(self) -> str:
        """Where the figures go."""
        if self.same:
            return "watchers"
        return "visitors" if self.visitors <= FEW else "visitors_50"

    @property
    def title(self) -> str:
        return f"{self.visitors} {'who watch the same drag' if self.same else 'visitors who drag at once'}"


@dataclass
class Visitor:
    """One hand at one slider.

    Attributes:
        number: which of the visitors; equal numbers move alike.
        moves: whether the hand is this visitor's own; who watches another's drag moves nothing.
        waits_ms: from a value moved to until its maps are here, for every value that was drawn.
        reduced: how many of those came in a lower resolution.
        errors: what came instead of maps.
        last: whether the last maps are those of the last value, in full resolution.
        seen: of every value, the headers of its answers: who computed them says its milliseconds.
    """

    number: int
    moves: bool = True
    waits_ms: list[float] = field(default_factory=list)
    reduced: int = 0
    errors: list[str] = field(default_factory=list)
    last: bool = False
    seen: dict[str, set[bytes]] = field(default_factory=dict)

    async def drag(self, canvas: Canvas, begun: float, seconds: float) -> None:
        """Moves to and fro from `begun` for so long, then releases."""
        shown = None
        while (now := time.monotonic()) < begun + seconds:
            wanted = self.under_the_hand(now - begun)
            if wanted == shown:
                await asyncio.sleep(until_next(now - begun))
            elif answer := await self._ask(canvas, wanted, moving=self.moves):
                shown = wanted
                self.waits_ms.append(1000 * (time.monotonic() - now))
                self.reduced += reduced(answer)
                self._keep(shown, answer)
            else:
                await asyncio.sleep(AGAIN_S)
        await self._release(canvas, self.under_the_hand(seconds))

    async def _release(self, canvas: Canvas, final: dict[str, str]) -> None:
        answer = await self._whole(canvas, final)
        stranger = Canvas(canvas.connection, canvas.token_in_query)
        alone = await self._whole(stranger, final)
        self.last = bool(answer and alone and drawn(answer.body) == drawn(alone.body))

    async def _whole(self, canvas: Canvas, wanted: dict[str, str]) -> Answer | None:
        """The maps in full resolution; None if they never come."""
        deadline = time.monotonic() + PATIENCE_S
        while (answer := await self._ask(canvas, wanted)) and reduced(answer):
            if time.monotonic() > deadline:
                return None
            await asyncio.sleep(AGAIN_S)
        return answer

    def under_the_hand(self, elapsed_s: float) -> dict[str, str]:
        """Every visitor is at another place of the same way, to and fro; each pass has an aspect."""
        step = int(elapsed_s * VALUES_A_SECOND) + 7 * self.number
        passes, at = divmod(step, len(WAVELENGTHS))
        way = WAVELENGTHS[::-1] if passes % 2 else WAVELENGTHS
        aspect = ASPECTS[passes % len(ASPECTS)]
        return {"wavelength_px": f"{way[at]:g}", "aspect": f"{aspect:g}"}

    async def _ask(
        self, canvas: Canvas, wanted: dict[str, str], *, moving: bool = False
    ) -> Answer | None:
        common = {
            "picture": PICTURES[self.number % len(PICTURES)],
            "working_size_px": str(112 + 16 * (self.number // len(PICTURES))),
            "stage": "bank",
        }
        try:
            answer = await canvas.maps("lab", {**common, **wanted}, SHOWN_PX, moving=moving)
        except OSError as error:
            self.errors.append(repr(error))
            return None
        if answer.status != 200:
            self.errors.append(f"{answer.status}: {answer.body[:80]!r}")
            return None
        return answer

    def _keep(self, shown: dict[str, str], answer: Answer) -> None:
        if not reduced(answer):
            self.seen.setdefault(str(shown), set()).add(header(answer.body))


def until_next(elapsed_s: float) -> float:
    """Seconds until the hand moves on.

    >>> until_next(0.06) < 1 / VALUES_A_SECOND < until_next(0.06) + 0.011
    True
    """
    return (int(elapsed_s * VALUES_A_SECOND) + 1) / VALUES_A_SECOND - elapsed_s


def measured(crowd: Crowd, cpu: Cpu) -> dict[str, Any]:
    """Starts a server and lets a crowd come; see `figures`, and the CPU both sides used."""
    with started(streamlit("app.py"), cpu) as (address, process):
        wait_for(address, process)
        here, there = time.process_time(), quiet.used_by(process.pid)
        visitors, lecturer = run(_come(crowd, urlsplit(address).netloc))
        used = {
            "clients_cpu_s": round(time.process_time() - here, 1),
            "server_cpu_s": round(quiet.used_by(process.pid) - there, 1),
        }
    return {**figures(crowd, visitors, lecturer), **used}


async def _come(crowd: Crowd, netloc: str) -> tuple[list[Visitor], Visitor | None]:
    """All of the crowd, and the lecturer among them."""
    in_query = await probe(netloc)

    async def drag(visitor: Visitor, begun: float, seconds: float) -> None:
        connection = Connection(netloc)
        await visitor.drag(Canvas(connection, in_query), begun, seconds)
        connection.close()

    # warm, with maps that nobody else will ask for
    await drag(Visitor(crowd.visitors + 1), time.monotonic(), 0)
    visitors = [
        Visitor(0 if crowd.same else number, moves=not crowd.same)
        for number in range(crowd.visitors)
    ]
    lecturer = Visitor(crowd.visitors) if crowd.lecturer else None
    begun = time.monotonic()
    everybody = [*visitors, *([lecturer] if lecturer else [])]
    await asyncio.gather(*(drag(each, begun, crowd.seconds) for each in everybody))
    return visitors, lecturer


def figures(crowd: Crowd, visitors: Sequence[Visitor], lecturer: Visitor | None) -> dict[str, Any]:
    """What a crowd has seen.

    Returns:
        `errors`, `ended_on_last_value` of `visitors`, `pictures_per_second` of all together,
        `reduced` of their pictures, `median_ms` and `p95_ms` of the waits;
        `most_computed`, how often the server computed the picture that it computed most often;
        of the lecturer `lecturer_p95_ms` and `lecturer_longest_ms`.
    """
    waits = [wait for each in visitors for wait in each.waits_ms]
    everybody = [*visitors, *([lecturer] if lecturer else [])]
    errors = [error for each in everybody for error in each.errors]
    found = {
        "visitors": crowd.visitors,
        "seconds": crowd.seconds,
        "errors": len(errors),
        "first_errors": errors[:3],
        "ended_on_last_value": sum(each.last for each in visitors),
        "pictures_per_second": round(len(waits) / crowd.seconds, 1),
        "reduced": sum(each.reduced for each in visitors),
        "median_ms": round(statistics.median(waits), 1) if waits else None,
        "p95_ms": round(percentile(waits, 0.95), 1) if waits else None,
    }
    if crowd.same:
        found["most_computed"] = max(map(len, _all_seen(visitors).values()), default=0)
    if lecturer:
        own = lecturer.waits_ms
        found["lecturer_p95_ms"] = round(percentile(own, 0.95), 1) if own else None
        found["lecturer_longest_ms"] = round(max(own), 1) if own else None
    return found


def _all_seen(visitors: Sequence[Visitor]) -> dict[str, set[bytes]]:
    together: dict[str, set[bytes]] = {}
    for visitor in visitors:
        for value, headers in visitor.seen.items():
            together.setdefault(value, set()).update(headers)
    return together


# --- words ---------------------------------------------------------------------------------------


def rows(crowd: Crowd, found: Sequence[dict[str, Any]]) -> list[Row]:
    """A row for each figure, beside its target; `found` has one set of figures for each way to measure."""

    def row(words: str, name: str, unit: str = "", relation: str = "", bound: float = 0) -> Row:
        return Row(words, [each[name] for each in found], unit, relation, bound)

    many = not crowd.same and crowd.visitors > FEW
    slowest_ms = 300 if crowd.same else 700 if many else 200
    said = [
        row("errors", "errors", "", "at most", 0),
        row("visitors who ended on their last value", "ended_on_last_value", "", "at least", crowd.visitors),
        row("value moved to → its maps, median", "median_ms", " ms"),
        row("the same, 95th percentile", "p95_ms", " ms", "at most", slowest_ms),
        row("pictures a second, all together", "pictures_per_second", "", *(("", 0) if crowd.same or many else ("at least", 150))),
        row("of all pictures, in a lower resolution first", "reduced"),
    ]  # fmt: skip
    if crowd.same:
        said.append(row("computations of one picture, at most", "most_computed", "", "at most", 1))
    if crowd.lecturer:
        said.append(
            row(
                "one more who drags meanwhile, 95th percentile",
                "lecturer_p95_ms",
                " ms",
                "at most",
                700,
            )
        )
        said.append(row("the longest wait of that one", "lecturer_longest_ms", " ms"))  # fmt: skip
    return [
        *said,
        row("CPU of the server", "server_cpu_s", " s"),
        row("CPU of the clients, on the same machine", "clients_cpu_s", " s"),
    ]


def section(crowd: Crowd, found: dict[Cpu, dict[str, Any]]) -> str:
    """The figures as a section of the page, each beside its target."""
    asked = (
        "all ask for the same values at the same moments"
        if crowd.same
        else "each with a setting, a picture and a token of its own; no value comes twice"
    )
    return "\n".join(
        [
            f"## {crowd.title}\n",
            *(f"* {line}" for line in machine()),
            f"* {crowd.visitors} HTTP clients for {crowd.seconds:g} s, {asked}; {SHOWN_PX} px.\n",
            judged_table(list(found), rows(crowd, list(found.values()))),
        ]
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Writes and prints the figures; 1 if there was an error or somebody ended elsewhere."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--visitors", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--same", action="store_true", help="all watch the same drag")
    parser.add_argument("--lecturer", action="store_true", help="one more, who is measured alone")
    add_option(parser)
    add_out(parser)
    asked = parser.parse_args(arguments)
    crowd = Crowd(asked.visitors, asked.seconds, asked.same, asked.lecturer)
    found = {cpu: measured(crowd, cpu) for cpu in chosen(asked.cpu)}
    said = {cpu.name: each for cpu, each in found.items()}
    print(json.dumps(said, indent=2))
    put_section(crowd.section, section(crowd, found), asked.out / MARKDOWN.name)
    put_figures({n: {crowd.section: each} for n, each in said.items()}, asked.out / JSON.name)
    return int(
        any(
            each["errors"] or each["ended_on_last_value"] < crowd.visitors for each in said.values()
        )
    )


if __name__ == "__main__":
    sys.exit(main())
