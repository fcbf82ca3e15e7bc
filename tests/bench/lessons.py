"""A slider step in every lesson, where one layer changes, beside the framework's floor.

    python tests/bench/lessons.py

The Lab's own ratio to the floor at most 2.5 at 224×224, see `latency.py`; no lesson may be slower.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

import quiet
import report
import servers
from chromium import browser
from latency import routes
from pixels import PICTURE, Arrays
from rounds import ratio, summary
from visit import Route, Visit

AT_MOST = report.TARGETS["lab_224/floor"][1]
COMMON = f"?picture={PICTURE}&working_size_px=224"
# Lesson -> the slider that takes the key, what it changes, and the address.
MOVED = {
    "pointwise": (
        "pointwise_seed",
        "1×1 of 16 oriented maps to 32",
        "bank=gabor&pointwise_recipe=random&pointwise_outputs=32",
    ),
    "cross_channel_pooling": (
        "seed",
        "maxout of 50 maps, 5 units of 2 pieces",
        "kind=maxout&maxout_weights=random",
    ),
    "strided": (
        "strided_seed",
        "strided 1×1 of 8 oriented maps to 64",
        "bank=gabor&strided_recipe=random&strided_outputs=64&stride=2",
    ),
}


class LessonVisit(Visit):
    """A lesson that is open: its numbers have tests of their own, here it must only have moved."""

    def compare(self) -> None:
        """Raises AssertionError if the slider is not where the keys have put it."""
        found = self.tab.evaluate(f"Number(bench.deep('{self.route.slider}').value)")
        assert found == self.seed, f"{self.route.name}: {found} after {self.seed} steps"


def lesson_routes() -> list[Route]:
    return [
        Route(
            slug,
            f"{slug.replace('_', ' ')}: {words}",
            servers.streamlit("app.py"),
            "canvas",
            1,
            f"#{slider}",
            query=f"{slug}{COMMON}&{query}",
            often=2,
        )
        for slug, (slider, words, query) in MOVED.items()
    ]


def measure(rounds: int, steps: int) -> tuple[list[Visit], list[str]]:
    """All lessons and the floor, in shuffled rounds."""
    floor = next(route for route in routes("") if route.name == "floor")
    date, before = time.strftime("%Y-%m-%d %H:%M"), quiet.usage()
    with browser() as chromium, ExitStack() as stack:
        arrays = Arrays(Path(stack.enter_context(tempfile.TemporaryDirectory())))
        visits: list[Visit] = []
        for route in (floor, *lesson_routes()):
            address = stack.enter_context(servers.serving(route.command))
            kind = Visit if route is floor else LessonVisit
            visits.append(kind(route, address, chromium.tab(route.viewport), arrays))
            visits[-1].open()
        for _ in range(rounds):
            for visit in random.sample(visits, len(visits)):
                visit.round(steps)
        meanwhile = (
            f"{date}, {rounds} rounds in shuffled order; {quiet.sentence(before, quiet.usage())}"
        )
        return visits, [*report.machine(chromium.version), meanwhile]


def section(visits: list[Visit], machine: list[str]) -> str:
    """The figures as a section of the page."""
    floor, *lessons = visits
    ratios: Mapping[str, float | None] = {
        visit.route.name: ratio(visit.rounds, floor.rounds) for visit in lessons
    }
    rows = []
    for visit in visits:
        found = summary(visit.rounds)
        over = ratios.get(visit.route.name)
        judged = report.judged(over, "at most", AT_MOST) if visit is not floor else ""
        said = f"{report.figure(over)}×" if over is not None else "–"
        rows.append(
            [
                visit.route.words,
                report.figure(found["median_ms"], " ms"),
                report.figure(found["p95_ms"], " ms"),
                f"{found['clean_steps']}",
                report.size(visit.bytes),
                said,
                judged,
            ]
        )
    head = ["one slider step, 224×224", "median", "95 %", "clean steps", "sent", "to the floor", ""]
    lines = ["## One step of a slider in every lesson\n", *(f"* {line}" for line in machine)]
    return "\n".join(
        [
            *lines,
            f"* No lesson may take more than {AT_MOST:g} times the floor.\n",
            report.table(head, rows),
        ]
    )


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--steps", type=int, default=5, help="a round; each is taken twice")
    chosen = options.parse_args()
    text = section(*measure(chosen.rounds, chosen.steps))
    report.put_section("lessons", text)
    print(text)


if __name__ == "__main__":
    main()
