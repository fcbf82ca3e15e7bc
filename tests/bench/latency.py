"""Key press to painted pixels: the Lab, the framework's floor, and other ways to show 64 maps.

`python tests/bench/latency.py --peers PATH/TO/python`, with the Python of an environment that has
this folder's requirements.txt. Writes one section of docs/performance.md, and docs/performance.json.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any

import hand
import quiet
import report
import servers
from chromium import Browser, browser
from pixels import OUTPUTS, SETTING, SLIDER, Arrays
from rounds import CLEAN_STEPS, ratio, summary
from visit import Route, Visit

PAGES = "tests/bench/routes"
FIRST_CLEAN = 3  # cold starts of each kind that a ratio of first paints needs
FRAME_MS = 1000 / 60


def routes(peers: str) -> list[Route]:
    """All that are compared; `peers` is the Python that has Gradio and matplotlib."""
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


def measure(chromium: Browser, chosen: Sequence[Route], options: argparse.Namespace) -> None:
    """The whole run, and what it says into the documents."""
    date, before = time.strftime("%Y-%m-%d %H:%M"), quiet.usage()
    with ExitStack() as stack:
        arrays = Arrays(Path(stack.enter_context(tempfile.TemporaryDirectory())))
        first = hand.first_sights(chromium, _first_pair(chosen), options.pairs)
        visits = {}
        for route in chosen:
            visits[route.name] = _visited(stack, chromium, route, arrays)
        for number in range(options.rounds):
            _say(f"round {number + 1} of {options.rounds}")
            for visit in random.sample(list(visits.values()), len(visits)):
                visit.round(options.steps)
        lab = visits["lab_112"]
        pointed = hand.point(lab)
        dragged = hand.drag(chromium, lab, arrays)
    ratios = _ratios(visits, first)
    figures = {
        name: {**summary(visit.rounds), "bytes": visit.bytes} for name, visit in visits.items()
    }
    options.out.mkdir(exist_ok=True)
    (options.out / report.JSON.name).write_text(report.as_json(figures, ratios, dragged))
    meanwhile = f"{date}, {options.rounds} rounds in shuffled order; {quiet.sentence(before, quiet.usage())}"
    machine = [*report.machine(chromium.version), meanwhile]
    text = _section(machine, visits, figures, ratios, dragged, pointed, first)
    report.put_section("latency", text, options.out / report.MARKDOWN.name)
    print(text)


def _first_pair(chosen: Sequence[Route]) -> list[Route]:
    return [route for route in chosen if route.name in ("lab_112", "page_without_torch")]


def _visited(stack: ExitStack, chromium: Browser, route: Route, arrays: Arrays) -> Visit:
    """The route served and open, warmed up, its pixels seen to be right."""
    _say(f"opening {route.name}")
    environment = {"GRADIO_ANALYTICS_ENABLED": "False"}
    if route.size_px:
        environment["BENCH_MAPS"] = str(arrays.file(route.size_px))
    address = stack.enter_context(servers.serving(route.command, **environment))
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
        else:
            found[name] = ratio(visits[over].rounds, visits[under].rounds)
    return found


# --- words ---------------------------------------------------------------------------------------


def _section(
    machine: Sequence[str],
    visits: Mapping[str, Visit],
    figures: Mapping[str, Mapping[str, Any]],
    ratios: Mapping[str, float | None],
    dragged: Mapping[str, float],
    pointed: Mapping[str, float],
    first: Mapping[str, hand.FirstSight],
) -> str:
    taken = {name: sum(map(len, visit.rounds)) for name, visit in visits.items()}
    rows = [
        [
            f"{visit.route.words} (`{name}`)",
            report.figure(figures[name]["median_ms"], " ms"),
            report.figure(figures[name]["p95_ms"], " ms"),
            f"{figures[name]['clean_steps']} of {taken[name]}",
            report.size(figures[name]["bytes"]),
            "×".join(map(str, visit.route.viewport)),
            str(visit.apart) if visit.route.size_px else "the text",
        ]
        for name, visit in visits.items()
    ]
    head = ["one slider step", "median", "95 %", "clean steps", "sent", "window", "off by at most"]
    return "\n\n".join(
        [
            "## One step of a slider",
            "\n".join(f"* {line}" for line in machine),
            report.table(head, rows),
            HOW,
            "## Targets",
            report.table(
                ["", "measured", "target", "kept?"], _targets(ratios, dragged, pointed)
            ),
            _first_words(first, pointed),
        ]
    )  # fmt: skip


HOW = f"""From a key press on the slider (the browser's own time stamp of it) to the second animation frame after
the page showed something else, when that has been painted. Every route draws the same 64 maps, a 1×1 convolution of the
same 16 maps with other random weights at each step, none seen before. No map is shown smaller than it is; "window" is the
browser's, in pixels. The pixels of every round's last step were read back from the page and compared with an array that numpy computed;
"off by" is their largest difference, of 255. "Sent" was counted in steps that were not timed, for recording it takes time.
While other processes used more than a tenth of a CPU, or the host took time away, a step is not clean and is left out;
with fewer than {CLEAN_STEPS} clean steps no ratio is given. A ratio is the median of the rounds' ratios of medians."""


def _targets(
    ratios: Mapping[str, float | None], dragged: Mapping[str, float], pointed: Mapping[str, float]
) -> list[list[str]]:
    rows = []
    for name, (relation, bound) in report.TARGETS.items():
        value = ratios[name]
        verdict = report.judged(value, relation, bound)
        rows.append([f"`{name}`", report.figure(value, "×"), f"{relation} {bound:g}×", verdict])
    others = [
        ("pictures a second while dragging, 112×112", dragged["pictures_per_second"], "at least", 20, ""),
        ("last value on screen after the last move", dragged["last_value_ms"], "at most", 250, " ms"),
        ("pointer to moved box, median", pointed["median_ms"], "at most", FRAME_MS, " ms"),
    ]  # fmt: skip
    for words, value, relation, bound, unit in others:
        verdict = report.judged(value, relation, bound)
        target = f"{relation} {bound:.3g}{unit}"
        rows.append([words, report.figure(value, unit), target, verdict])
    return rows


def _first_words(first: Mapping[str, hand.FirstSight], pointed: Mapping[str, float]) -> str:
    lab, plain = first["lab_112"], first["page_without_torch"]

    def seconds(times: Sequence[float]) -> str:
        return report.figure(median(times) / 1000 if times else None, " s")

    words = {
        name: seconds([step.ms for steps in sight.words for step in steps])
        for name, sight in first.items()
    }
    return (
        f"`first_paint` counts from starting the server to the first words on screen, {len(lab.words)} cold starts each: "
        f"{words['lab_112']} for the Lab, {words['page_without_torch']} for the page without torch "
        f"({_clean(lab)} and {_clean(plain)} of them clean; a ratio needs {FIRST_CLEAN}). "
        f"The Lab's first words are its sign that it warms up; its first maps come at {seconds(lab.maps)}. "
        f"Of {pointed['moves']} moves of the pointer 95 % had the box in {report.figure(pointed['p95_ms'], ' ms')}."
    )


def _clean(sight: hand.FirstSight) -> int:
    return sum(not step.disturbed for steps in sight.words for step in steps)


def _say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    options.add_argument("--peers", required=True, help="the Python with Gradio and matplotlib")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--steps", type=int, default=5, help="a round; fast routes take twice")
    options.add_argument("--pairs", type=int, default=5, help="cold starts of each kind")
    options.add_argument("--out", type=Path, default=report.MARKDOWN.parent)
    chosen = options.parse_args()
    with browser() as chromium:
        measure(chromium, routes(chosen.peers), chosen)


if __name__ == "__main__":
    main()
