"""Key press to painted pixels: the Lab, the framework's floor, and other ways to show 64 maps.

`python tests/bench/latency.py --peers PATH/TO/python`, with the Python of an environment that has
this folder's requirements.txt; without it Gradio and matplotlib are not measured. Writes one section of
docs/performance.md, and docs/performance.json.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import cpus
import hand
import quiet
import report
import servers
from chromium import Browser, browser
from cpus import Cpu
from pixels import OUTPUTS, SETTING, SLIDER, Arrays
from rounds import CLEAN_STEPS, ratio, summary
from visit import Route, Visit

PAGES = "tests/bench/routes"
FIRST_CLEAN = 3  # cold starts of each kind that a ratio of first paints needs
FRAME_MS = 1000 / 60


def routes(peers: str) -> list[Route]:
    """All that are compared; `peers` is the Python that has Gradio and matplotlib, "" for none."""
    thumb = "input[type=range]"

    def page(name: str, python: str = sys.executable) -> list[str]:
        return servers.streamlit(f"{PAGES}/{name}.py", python)

    return [
        Route(
            "floor",
            "the framework's floor: a slider, a line of text, all the Lab's imports",
            page("floor"), "text", 1, thumb, often=2,
        ),
        Route(
            "page_without_torch",
            "the same in a process without torch",
            page("page_without_torch"), "text", 1, thumb, often=2,
        ),
        _lab(112),
        _lab(224),
        Route(
            "gradio_224",
            "Gradio: slider and gallery",
            [peers, f"{PAGES}/gradio_224.py"], "gallery", OUTPUTS, thumb, 224,
        ),
        Route(
            "matplotlib_224",
            "matplotlib, `st.pyplot`",
            page("matplotlib_224", peers), "image", 1, thumb, 224,
        ),
        Route(
            "heatmaps_224",
            "one plotly figure of 64 heatmaps",
            page("heatmaps_224"), "heatmaps", OUTPUTS, thumb, 224,
        ),
    ]  # fmt: skip


def _lab(size_px: int) -> Route:
    values = {**SETTING, "working_size_px": str(size_px)}
    query = "?" + "&".join(f"{name}={value}" for name, value in values.items())
    command = servers.streamlit("app.py")
    words = f"**the Lab**, {size_px}×{size_px}"
    return Route(
        f"lab_{size_px}", words, command, "canvas", 1, f"#{SLIDER}", size_px, query, often=2
    )


@dataclass(frozen=True)
class Run:
    """All that was measured in one way.

    Attributes:
        visits, figures: by route; a route without its Python has neither visit nor numbers.
        ratios: by name, see `report.TARGETS`.
        dragged, pointed, first: see `hand`.
    """

    visits: Mapping[str, Visit]
    figures: Mapping[str, Mapping[str, Any]]
    ratios: Mapping[str, float | None]
    dragged: Mapping[str, float]
    pointed: Mapping[str, float]
    first: Mapping[str, hand.FirstSight]

    @property
    def first_maps_s(self) -> float | None:
        """From starting the server to the Lab's first maps, a browser waiting."""
        times = self.first["lab_112"].maps
        return median(times) / 1000 if times else None


def measure(chromium: Browser, chosen: Sequence[Route], options: argparse.Namespace) -> None:
    """The whole run, and what it says into the documents."""
    date, before = time.strftime("%Y-%m-%d %H:%M"), quiet.usage()
    runs = {cpu: _run(chromium, chosen, options, cpu) for cpu in cpus.chosen(options.cpu)}
    meanwhile = f"{date}, {options.rounds} rounds in shuffled order; {quiet.sentence(before, quiet.usage())}"
    machine = [*report.machine(chromium.version), meanwhile]
    text = _section(machine, chosen, runs)
    report.put_section("latency", text, options.out / report.MARKDOWN.name)
    said = {cpu.name: _said(run) for cpu, run in runs.items()}
    report.put_figures(said, options.out / report.JSON.name)
    print(text)


def _run(chromium: Browser, chosen: Sequence[Route], options: argparse.Namespace, cpu: Cpu) -> Run:
    """All routes, served and measured in one way."""
    served = [route for route in chosen if route.command[0]]
    with ExitStack() as stack:
        arrays = Arrays(Path(stack.enter_context(tempfile.TemporaryDirectory())))
        first = hand.first_sights(chromium, _first_pair(chosen), options.pairs, cpu)
        visits = {}
        for route in served:
            visits[route.name] = _visited(stack, chromium, route, arrays, cpu)
        for number in range(options.rounds):
            _say(f"{cpu.words}: round {number + 1} of {options.rounds}")
            for visit in random.sample(list(visits.values()), len(visits)):
                visit.round(options.steps)
        pointed = hand.point(visits["lab_112"])
        dragged = hand.drag(chromium, visits["lab_112"], arrays)
        for visit in visits.values():
            visit.tab.close()
    figures = {route.name: _figures(visits.get(route.name)) for route in chosen}
    return Run(visits, figures, _ratios(visits, first), dragged, pointed, first)


def _figures(visit: Visit | None) -> dict[str, Any]:
    """Numbers of one route; none of one that was not measured."""
    if visit is None:
        return {"median_ms": None, "p95_ms": None, "clean_steps": 0, "bytes": None}
    return {**summary(visit.rounds), "bytes": visit.bytes}


def _said(run: Run) -> dict[str, Any]:
    """What the JSON says of a run."""
    return {
        "routes": run.figures,
        "ratios": run.ratios,
        "drag_112": run.dragged,
        "first_maps_s": run.first_maps_s and round(run.first_maps_s, 2),
    }


def _first_pair(chosen: Sequence[Route]) -> list[Route]:
    return [route for route in chosen if route.name in ("lab_112", "page_without_torch")]


def _visited(stack: ExitStack, chromium: Browser, route: Route, arrays: Arrays, cpu: Cpu) -> Visit:
    """The route served and open, warmed up, its pixels seen to be right."""
    _say(f"opening {route.name}")
    environment = {"GRADIO_ANALYTICS_ENABLED": "False"}
    if route.size_px:
        environment["BENCH_MAPS"] = str(arrays.file(route.size_px))
    address = stack.enter_context(servers.serving(route.command, cpu, **environment))
    visit = Visit(route, address, chromium.tab(route.viewport), arrays)
    visit.open()
    return visit


def _ratios(
    visits: Mapping[str, Visit], first: Mapping[str, hand.FirstSight]
) -> dict[str, float | None]:
    """Every ratio that has a target."""
    found: dict[str, float | None] = {}
    for name in report.TARGETS:
        over, under = name.split("/")
        if over == "first_paint":
            found[name] = ratio(first["lab_112"].words, first[under].words, FIRST_CLEAN)
        elif over not in visits:
            found[name] = None
        else:
            found[name] = ratio(visits[over].rounds, visits[under].rounds)
    return found


# --- words ---------------------------------------------------------------------------------------


def _section(machine: Sequence[str], chosen: Sequence[Route], runs: Mapping[Cpu, Run]) -> str:
    head = ["one slider step"]
    for cpu in runs:
        head += [f"{cpu.words}: median", "95 %", "clean steps"]
    return "\n\n".join(
        [
            "## One step of a slider",
            "\n".join(f"* {line}" for line in machine),
            report.table(
                [*head, "sent", "window", "off by at most"],
                [_route_row(route, list(runs.values())) for route in chosen],
            ),
            HOW,
            "## Targets",
            report.judged_table(list(runs), _targets(list(runs.values()))),
            *(f"{cpu.words[0].upper()}{cpu.words[1:]}: {_first_words(run)}" for cpu, run in runs.items()),
            *filter(None, [_ceiling(next(iter(runs.values())).figures)]),
        ]
    )  # fmt: skip


PEERS = {"gradio_224": "Gradio", "matplotlib_224": "matplotlib", "heatmaps_224": "the heatmaps"}


def _ceiling(figures: Mapping[str, Mapping[str, Any]]) -> str:
    """What the ratios to the peers could be at most: the floor shows no map at all.

    >>> _ceiling({"floor": {"median_ms": 40}, "gradio_224": {"median_ms": 600}})
    'The floor, which shows no map at all, is 15 times as fast as Gradio: no ratio to a peer can be larger on this machine.'
    """
    floor = figures["floor"]["median_ms"]
    times = [
        f"{report.figure(figures[peer]['median_ms'] / floor)} times as fast as {name}"
        for peer, name in PEERS.items()
        if floor and figures.get(peer, {}).get("median_ms")
    ]
    if not times:
        return ""
    return (
        f"The floor, which shows no map at all, is {', '.join(times)}: "
        "no ratio to a peer can be larger on this machine."
    )


def _route_row(route: Route, runs: Sequence[Run]) -> list[str]:
    """One route: its steps in every way to measure, and what is the same in all of them."""
    cells = [f"{route.words} (`{route.name}`)"]
    visits = [run.visits[route.name] for run in runs if route.name in run.visits]
    if not visits:
        return [*cells, *["not measured", "", ""] * len(runs), "", "", ""]
    for run in runs:
        figures = run.figures[route.name]
        taken = sum(map(len, run.visits[route.name].rounds))
        cells.append(report.figure(figures["median_ms"], " ms"))
        cells.append(report.figure(figures["p95_ms"], " ms"))
        cells.append(f"{figures['clean_steps']} of {taken}")
    apart = str(max(visit.apart for visit in visits)) if route.size_px else "the text"
    return [*cells, report.size(visits[0].bytes), "×".join(map(str, route.viewport)), apart]


HOW = f"""The time is from a key press on the slider (the browser's own time stamp) to the second animation frame after
the page changed, when the change has been painted. Each route draws the same 64 maps: a 1×1 convolution of the
same 16 maps, with new random weights at each step. No map is shown smaller than it is; "window" is the size of the
browser's window in pixels. After each round, the pixels of the last step were read back from the page and compared with an array that numpy computed;
"off by" is the largest difference, of 255. "Sent" was counted in steps that were not timed, because recording takes time.
A step is not clean, and is left out, if other processes used more than a tenth of a CPU or the host took time away;
with fewer than {CLEAN_STEPS} clean steps no ratio is given. A ratio is the median of the rounds' ratios of medians."""


def _targets(runs: Sequence[Run]) -> list[report.Row]:
    rows = [
        report.Row(
            f"`{name}`",
            [run.ratios[name] for run in runs],
            "×",
            relation,
            bound,
            _absent(name, runs),
        )
        for name, (relation, bound) in report.TARGETS.items()
    ]
    others = [
        ("pictures a second while dragging, 112×112", [run.dragged["pictures_per_second"] for run in runs], "", "at least", 30),
        ("last value on screen after the last move", [run.dragged["last_value_ms"] for run in runs], " ms", "at most", 250),
        ("pointer to moved box, median", [run.pointed["median_ms"] for run in runs], " ms", "at most", FRAME_MS),
        ("start of the server to the Lab's first maps, a browser waiting", [run.first_maps_s for run in runs], " s", "at most", 4),
    ]  # fmt: skip
    return [*rows, *(report.Row(*each) for each in others)]


def _absent(name: str, runs: Sequence[Run]) -> str:
    """Why there may be no ratio of a name."""
    over = name.partition("/")[0]
    served = over == "first_paint" or all(over in run.visits for run in runs)
    return "too few clean steps" if served else "not measured"


def _first_words(run: Run) -> str:
    lab, plain = run.first["lab_112"], run.first["page_without_torch"]
    words = {
        name: report.figure(median(times) / 1000 if times else None, " s")
        for name, sight in run.first.items()
        for times in [[step.ms for steps in sight.words for step in steps]]
    }
    return (
        f"`first_paint` is the time from the start of the server to the first words on screen, {len(lab.words)} cold starts each: "
        f"{words['lab_112']} for the Lab, {words['page_without_torch']} for the page without torch "
        f"({_clean(lab)} and {_clean(plain)} of them clean; a ratio needs {FIRST_CLEAN}). "
        f"The Lab's first words say that it is warming up; its first maps come at {report.figure(run.first_maps_s, ' s')}. "
        f"Of {run.pointed['moves']} moves of the pointer, 95 % had moved the box within {report.figure(run.pointed['p95_ms'], ' ms')}."
    )


def _clean(sight: hand.FirstSight) -> int:
    return sum(not step.disturbed for steps in sight.words for step in steps)


def _say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def main(arguments: Sequence[str] | None = None) -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    options.add_argument("--peers", default="", help="the Python with Gradio and matplotlib")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--steps", type=int, default=5, help="a round; fast routes take twice")
    options.add_argument("--pairs", type=int, default=5, help="cold starts of each kind")
    cpus.add_option(options)
    report.add_option(options)
    chosen = options.parse_args(arguments)
    with browser() as chromium:
        measure(chromium, routes(chosen.peers), chosen)


if __name__ == "__main__":
    main()
