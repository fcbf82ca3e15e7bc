"""The slowest legal requests: how long they take, how much memory, and how long others wait meanwhile.

    python tests/bench/slowest.py

Each has a server of its own, which is warm and has computed nothing else. `--only` takes some of them.
The figures go into `docs/performance.md` and `.json`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import cpus
import report
from canvas import Canvas, probe, reduced
from client import Connection, run
from cpus import Cpu
from servers import started, streamlit, wait_for

SHOWN_PX = 512
TIMEOUT_S = 120
MEANWHILE_S = 0.2  # after the slow request a visitor asks for a small one
SMALL = {"working_size_px": "112", "stage": "bank", "orientations": "5"}  # no warm run drew that
MAX_MB = 512
MAX_WAIT_MS = 2000
SQUARES = ".".join(
    ("zone_plate", "siemens_star", "dead_leaves", "stripes", "astronaut", "camera", "brick")
)
_LAB = (
    "picture=grating&working_size_px=512&bank=gabor&orientations=16&phases=4&size_px=63&pooling=none"
    "&pointwise_recipe=random&pointwise_outputs=64&strided_recipe=random&strided_outputs=64&stride=1"
)
_MAXOUT = "picture=grating&working_size_px=512&kind=maxout&units=64&pieces=10&maxout_weights=random&group=50"


@dataclass(frozen=True)
class Extreme:
    """A request at the end of every slider that makes it slower."""

    name: str
    words: str
    slug: str
    text: str

    @property
    def query(self) -> dict[str, str]:
        return dict(part.split("=") for part in self.text.split("&"))


EXTREMES = (
    Extreme("lab", "the Lab: 64 kernels of 63×63, two mixtures of 64 maps", "lab", _LAB),
    Extreme("lab_8", "the same, eight pictures", "lab", f"{_LAB}&others={SQUARES}"),
    Extreme(
        "pointwise",
        "pointwise: 16 oriented maps, two mixtures of 32",
        "pointwise",
        "picture=grating&working_size_px=512&bank=gabor&wavelength_px=16&pointwise_recipe=random"
        "&pointwise_outputs=32&relu=1&second=1&second_recipe=random&second_outputs=32",
    ),
    Extreme("pooling", "cross channel pooling: maxout of 50 maps, 64 units of 10 pieces", "cross_channel_pooling", _MAXOUT),
    Extreme("pooling_8", "the same, eight pictures", "cross_channel_pooling", f"{_MAXOUT}&others={SQUARES}"),
    Extreme(
        "strided",
        "strided: 8 oriented maps, 64 outputs, a 3×3 after the stride",
        "strided",
        "picture=grating&working_size_px=512&bank=gabor&wavelength_px=16&stride=1"
        "&strided_recipe=random&strided_outputs=64&again=1&third=1&window=1",
    ),
    Extreme(
        "order",
        "pooling order: log-mean-exp over 5×5 of 8 oriented maps and of 8 mixtures",
        "pooling_order",
        "picture=grating&working_size_px=512&bank=gabor&wavelength_px=16&beta=7&mix_recipe=random&mix_outputs=8",
    ),
)  # fmt: skip


def measured(extreme: Extreme, cpu: Cpu) -> dict[str, Any]:
    """One request to a server of its own.

    Returns:
        `status` and, unless it is 200, the `sentence` that refuses; `ms`; `mb`, how far the
        server's memory rose at its highest; `small_ms`, what a small request of another visitor took
        that came just after it; `reduced`, whether it came in a lower resolution.
    """
    with started(streamlit("app.py"), cpu) as (address, process):
        wait_for(address, process)
        return run(_measured(extreme, urlsplit(address).netloc, process.pid))


async def _measured(extreme: Extreme, netloc: str, server: int) -> dict[str, Any]:
    in_query = await probe(netloc)
    slow, other = (Canvas(Connection(netloc, TIMEOUT_S), in_query) for _ in range(2))
    await other.maps("lab", {**SMALL, "orientations": "6"}, 112)
    forget_peak(server)
    before = memory_mb(server, "VmRSS")
    answer, small_ms = await asyncio.gather(
        _timed(slow, extreme.slug, extreme.query, SHOWN_PX), _after(other)
    )
    found = {**answer, "small_ms": small_ms, "mb": round(memory_mb(server, "VmHWM") - before)}
    for canvas in (slow, other):
        canvas.connection.close()
    return found


async def _after(other: Canvas) -> float | None:
    await asyncio.sleep(MEANWHILE_S)
    answer = await _timed(other, "lab", SMALL, 112)
    return answer["ms"] if answer["status"] == 200 else None


async def _timed(
    canvas: Canvas, slug: str, query: Mapping[str, str], shown_px: int
) -> dict[str, Any]:
    began = time.monotonic()
    try:
        answer = await canvas.maps(slug, query, shown_px)
    except OSError as error:
        return {"status": 0, "sentence": repr(error), "ms": None, "reduced": False}
    ms = round(1000 * (time.monotonic() - began), 1)
    well = answer.status == 200
    sentence = "" if well else answer.body[:200].decode(errors="replace")
    return {
        "status": answer.status,
        "sentence": sentence,
        "ms": ms,
        "reduced": well and reduced(answer),
    }


def forget_peak(process: int) -> None:
    """From now on the kernel notes the highest memory of a process anew (Linux)."""
    Path(f"/proc/{process}/clear_refs").write_text("5")


def memory_mb(process: int, name: str) -> float:
    """Resident memory of a process: what it is now (VmRSS), or was at its highest (VmHWM)."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="replace")
    return (
        next(int(line.split()[1]) for line in status.splitlines() if line.startswith(name)) / 1024
    )


# --- words ---------------------------------------------------------------------------------------


def section(found: Mapping[str, Mapping[Cpu, Mapping[str, Any]]]) -> str:
    """The figures as a section of the page; `found` is by name of the request."""
    head = [
        "request",
        "",
        "answer",
        "memory",
        f"at most {MAX_MB} MB",
        "a small one meanwhile",
        f"at most {MAX_WAIT_MS:,} ms",
    ]
    rows = [
        row(extreme, cpu, figures)
        for extreme in EXTREMES
        for cpu, figures in found.get(extreme.name, {}).items()
    ]  # fmt: skip
    return "\n".join(
        [
            "## The slowest legal requests\n",
            *(f"* {line}" for line in report.machine()),
            f"* Pictures of 512×512 px, shown at full size. Memory is the largest rise of the server's resident memory. After {MEANWHILE_S:g} s, another visitor asks for 20 maps of 112 px.\n",
            report.table(head, rows),
        ]
    )


def row(extreme: Extreme, cpu: Cpu, figures: Mapping[str, Any]) -> list[str]:
    """One request in one way to measure.

    >>> refused = {"status": 400, "ms": 3.0, "mb": 0, "small_ms": 20.0, "reduced": False}
    >>> row(EXTREMES[0], cpus.NATIVE, refused)[2:]
    ['refused (400) after 3 ms', '0 MB', 'kept', '20 ms', 'kept']
    """
    after = report.figure(figures["ms"], " ms")
    said = {200: after, 0: "**no answer**"}.get(
        figures["status"], f"refused ({figures['status']}) after {after}"
    )
    return [
        f"{extreme.words} (`{extreme.name}`)",
        cpu.words,
        said + (", in a lower resolution" if figures["reduced"] else ""),
        report.figure(figures["mb"], " MB"),
        report.judged(figures["mb"], "at most", MAX_MB),
        report.figure(figures["small_ms"], " ms"),
        report.judged(figures["small_ms"], "at most", MAX_WAIT_MS, absent="**no answer**"),
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Writes and prints the figures; 1 if a request got no answer at all."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--only", nargs="+", choices=[each.name for each in EXTREMES])
    cpus.add_option(parser)
    report.add_option(parser)
    asked = parser.parse_args(arguments)
    wanted = [each for each in EXTREMES if not asked.only or each.name in asked.only]
    chosen = cpus.chosen(asked.cpu)
    found = {each.name: {cpu: measured(each, cpu) for cpu in chosen} for each in wanted}
    said = {
        cpu.name: {"slowest": {name: each[cpu] for name, each in found.items()}} for cpu in chosen
    }
    print(json.dumps(said, indent=2, ensure_ascii=False))
    report.put_section("slowest", section(found), asked.out / report.MARKDOWN.name)
    report.put_figures(said, asked.out / report.JSON.name)
    return int(any(figures["status"] == 0 for each in found.values() for figures in each.values()))


if __name__ == "__main__":
    sys.exit(main())
