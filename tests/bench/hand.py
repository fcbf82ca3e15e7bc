"""The Lab under the hand: dragged, pointed at, and opened on a server that has just been started."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import quiet
import servers
from chromium import Browser, Tab
from cpus import Cpu
from pixels import PICTURE, Arrays, check
from rounds import Step, percentile
from visit import Route, Visit, open_page

PICTURES = ("camera", "brick", "grass")  # for each drag one of which nothing is remembered
SWEEP_S = 2.0


def drag(chromium: Browser, visit: Visit, arrays: Arrays) -> dict[str, float]:
    """Pictures a second while the slider is dragged; milliseconds until the last value is seen.

    The median of three drags, and of the lags the worst.
    """
    route = visit.route
    rates, lags = [], []
    for picture in PICTURES:
        tab = chromium.tab(route.viewport)
        open_page(tab, route, visit.address + route.query.replace(PICTURE, picture))
        _sweep(tab, route.slider)
        record = tab.evaluate("bench.record")
        inputs, draws = record["inputs"], record["draws"]
        during = [at for at in draws if inputs[0] <= at <= inputs[-1]]
        rates.append(1000 * len(during) / (inputs[-1] - inputs[0]))
        lags.append(max(draws) - inputs[-1])
        seed = int(tab.evaluate(f"bench.deep('{route.slider}').value"))
        check(tab, route.kind, arrays.mixed(route.size_px, seed, picture))
        tab.close()
    return {
        "pictures_per_second": round(median(rates), 1),
        "last_value_ms": round(max(lags), 1),
    }


def _sweep(tab: Tab, slider: str) -> None:
    """Drags the thumb from the left end to the right one and holds it there."""
    tab.evaluate("bench.follow()")
    box = tab.evaluate(f"bench.rect('{slider}')")
    left, along, y = box["x"] + 8, box["width"] - 16, box["y"] + box["height"] / 2
    tab.mouse("Moved", left, y)
    tab.mouse("Pressed", left, y)
    began = time.monotonic()
    while (share := (time.monotonic() - began) / SWEEP_S) < 1:
        tab.mouse("Moved", left + along * share, y, pressed=True)
        time.sleep(0.008)
    time.sleep(1.0)


def point(visit: Visit) -> dict[str, float]:
    """Milliseconds from a moved pointer to the frame that has the moved box."""
    tab = visit.tab
    tab.to_front()
    tab.evaluate("bench.follow()")
    box = tab.evaluate("bench.rect('.maps canvas.pointer')")
    for i in range(60):
        x = box["x"] + 4 + (7 * i) % (box["width"] - 8)
        y = box["y"] + 4 + (5 * i) % (box["height"] - 8)
        tab.mouse("Moved", x, y)
        time.sleep(0.03)
    times = tab.evaluate("bench.record")["boxes"]
    return {"median_ms": median(times), "p95_ms": percentile(times, 0.95), "moves": len(times)}


@dataclass
class FirstSight:
    """Cold starts of one route: until the first words, and until the first maps if it has any."""

    words: list[list[Step]]
    maps: list[float]


def first_sights(
    chromium: Browser, routes: Sequence[Route], pairs: int, cpu: Cpu
) -> dict[str, FirstSight]:
    """From the start of a server to paint in the browser, the routes in another order each time."""
    seen = {route.name: FirstSight([], []) for route in routes}
    for _ in range(pairs):
        for route in random.sample(routes, len(routes)):
            words, maps = _first_sight(chromium, route, cpu)
            seen[route.name].words.append([words])
            if maps is not None:
                seen[route.name].maps.append(maps)
    return seen


def _first_sight(chromium: Browser, route: Route, cpu: Cpu) -> tuple[Step, float | None]:
    time.sleep(1.0)
    before, began = quiet.usage(), time.time()
    with servers.started(route.command, cpu) as (address, process):
        servers.wait_for(address, process)
        tab = chromium.tab((1280, 800))
        tab.to_front()
        tab.open(address)
        tab.until("!!window.bench && document.body !== null && location.port !== ''")
        words = tab.evaluate("bench.first('words')") - 1000 * began
        step = Step(words, quiet.disturbed(before, quiet.usage()))
        maps = None
        if route.kind == "canvas":
            maps = tab.evaluate("bench.first('maps')") - 1000 * began
        tab.close()
    return step, maps
