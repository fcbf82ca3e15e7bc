"""A slider step in every lesson, where one layer changes, beside the framework's floor.

    python tests/bench/lessons.py

The Lab's own ratio to the floor is at most 2.0 at 224×224, see `latency.py`. The first lessons may
not be slower; for those after them the target is 2.5.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import cpus
import quiet
import report
import servers
from chromium import Browser, browser
from cpus import Cpu
from latency import routes
from pixels import PICTURE, Arrays
from rounds import ratio, summary
from visit import Route, Visit

MAX_RATIO = report.TARGETS["lab_224/floor"][1]
LATER_RATIO = 2.5  # the target of lessons with a heavier layer, or a section that computes long
COMMON = f"?picture={PICTURE}&working_size_px=224"


class Moved(NamedTuple):
    """The step of a lesson: the slider that takes the key, what it changes, the rest of the address."""

    slider: str
    words: str
    query: str
    most: float = LATER_RATIO


# Each step changes one layer. A new lesson is one line.
MOVED = {
    "pointwise": Moved("pointwise_seed", "1×1 of 16 oriented maps to 32", "bank=gabor&pointwise_recipe=random&pointwise_outputs=32", MAX_RATIO),
    "cross_channel_pooling": Moved("seed", "maxout of 50 maps, 5 units of 2 pieces", "kind=maxout&maxout_weights=random", MAX_RATIO),
    "reduction": Moved("seed", "random 1×1 of 50 maps to 50, and the fit of its decoder", "method=random&kept=50&stage=reduce&step_by_step=1"),
    "strided": Moved("strided_seed", "strided 1×1 of 8 oriented maps to 64", "bank=gabor&strided_recipe=random&strided_outputs=64&stride=2", MAX_RATIO),
    "pooling_order": Moved("mix_seed", "log-mean-exp over 5×5 and 1×1 of 8 oriented maps to 8, both orders", "bank=gabor&mix_recipe=random&mix_outputs=8&beta=7"),
    "network_in_network": Moved("seed", "1×1 of 32 oriented maps to 24", "orientations=8&weights=random&hidden=24&stage=hidden"),
    "inception": Moved("five", "the 5×5 of an Inception module, 4 maps of 56×56 to 8 or more", "box=five&stage=five"),
    "fully_connected": Moved("seed", "1×1 of 16 maps to 32, a 7×7 of 32 to 64, a 1×1, on 480 px", "input_px=480"),
    "receptive_field": Moved("seed", "eight layers of 8 channels, four of them 3×3, all with other weights", "relu=1"),
    "orientation": Moved("wavelength_px", "8 Gabor filters of 25×25, squares, and a 1×1 over their phases", "stage=bank"),
    "emergence": Moved("pointwise_seed", "1×1 of 16 maps of learned filters to 8", "pointwise_recipe=random&stage=pointwise"),
    "trained": Moved("shown", "one map more, from the first on, of the 144 of a 1×1 in EfficientNet-Lite0", "layer=8&shown=1"),
}  # fmt: skip


class LessonVisit(Visit):
    """A lesson that is open: its numbers have tests of their own, here it must only have moved."""

    start: float | None = None  # where the slider was before the first step, in its steps

    def compare(self) -> None:
        """Raises AssertionError if the slider is not where the keys have put it."""
        slider = f"bench.deep('{self.route.slider}')"
        found = self.tab.evaluate(f"{slider}.value / ({slider}.step || 1)")
        self.start = found - self.seed if self.start is None else self.start
        assert found == self.start + self.seed, (
            f"{self.route.name}: {found} after {self.seed} steps from {self.start}"
        )


def lesson_routes() -> list[Route]:
    return [
        Route(
            slug,
            f"{slug.replace('_', ' ')}: {moved.words}",
            servers.streamlit("app.py"),
            "canvas",
            1,
            f"#{moved.slider}",
            query=f"{slug}{COMMON}&{moved.query}",
            often=2,
        )
        for slug, moved in MOVED.items()
    ]


def measure(
    rounds: int, steps: int, chosen: Sequence[Cpu]
) -> tuple[dict[Cpu, list[Visit]], list[str]]:
    """All lessons and the floor in every way to measure, and what it was measured on."""
    date, before = time.strftime("%Y-%m-%d %H:%M"), quiet.usage()
    with browser() as chromium:
        found = {cpu: _visits(chromium, rounds, steps, cpu) for cpu in chosen}
        meanwhile = (
            f"{date}, {rounds} rounds in shuffled order; {quiet.sentence(before, quiet.usage())}"
        )
        return found, [*report.machine(chromium.version), meanwhile]


def _visits(chromium: Browser, rounds: int, steps: int, cpu: Cpu) -> list[Visit]:
    """All lessons and the floor, in shuffled rounds."""
    floor = next(route for route in routes("") if route.name == "floor")
    with ExitStack() as stack:
        arrays = Arrays(Path(stack.enter_context(tempfile.TemporaryDirectory())))
        visits: list[Visit] = []
        for route in (floor, *lesson_routes()):
            address = stack.enter_context(servers.serving(route.command, cpu))
            kind = Visit if route is floor else LessonVisit
            visits.append(kind(route, address, chromium.tab(route.viewport), arrays))
            visits[-1].open()
        for _ in range(rounds):
            for visit in random.sample(visits, len(visits)):
                visit.round(steps)
        for visit in visits:
            visit.tab.close()
        return visits


def section(found: Mapping[Cpu, Sequence[Visit]], machine: Sequence[str]) -> str:
    """The figures as a section of the page."""
    head = ["one slider step, 224×224", "sent"]
    for cpu in found:
        head += [f"{cpu.words}: median", "95 %", "clean steps", "to the floor", ""]
    lines = ["## One step of a slider in every lesson\n", *(f"* {line}" for line in machine)]
    rows = [
        _row(visits) for visits in zip(*(_beside_floor(v) for v in found.values()), strict=True)
    ]
    return "\n".join(
        [
            *lines,
            f"* The first lessons may take at most {MAX_RATIO:g} times the floor, those after them {LATER_RATIO:g} times.\n",
            report.table(head, rows),
        ]
    )


def _beside_floor(visits: Sequence[Visit]) -> list[tuple[Visit, Visit]]:
    return [(visit, visits[0]) for visit in visits]


def _row(pairs: Sequence[tuple[Visit, Visit]]) -> list[str]:
    """One lesson: its steps in every way to measure, each beside that way's floor."""
    first, _ = pairs[0]
    cells = [first.route.words, report.size(first.bytes)]
    for visit, floor in pairs:
        found = summary(visit.rounds)
        cells.append(report.figure(found["median_ms"], " ms"))
        cells.append(report.figure(found["p95_ms"], " ms"))
        cells.append(f"{found['clean_steps']}")
        if visit is floor:
            cells += ["–", ""]
        else:
            over, most = ratio(visit.rounds, floor.rounds), MOVED[visit.route.name].most
            cells += [
                report.figure(over, "×"),
                f"{report.judged(over, 'at most', most)} ({most:g}×)",
            ]
    return cells


def main(arguments: Sequence[str] | None = None) -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--steps", type=int, default=5, help="a round; each is taken twice")
    cpus.add_option(options)
    report.add_option(options)
    chosen = options.parse_args(arguments)
    text = section(*measure(chosen.rounds, chosen.steps, cpus.chosen(chosen.cpu)))
    report.put_section("lessons", text, chosen.out / report.MARKDOWN.name)
    print(text)


if __name__ == "__main__":
    main()
