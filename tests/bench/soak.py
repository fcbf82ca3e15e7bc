"""Does the server's memory stay where it is? One tab with many steps and uploads, and many tabs.

    python tests/bench/soak.py --steps 1000 --uploads 50 --tabs 50 --random 9000

Resident memory is read from /proc (Linux), children included, after the first ten of each kind and
at the end. Every upload is another photograph of the size at which it is kept. `--random` asks a server
of its own for so many random legal settings, and says the memory after each quarter of them.
It needs what the tests need (`tests/requirements.txt`), nothing more, and writes its section of
`docs/performance.md`.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import report
from anything import request
from canvas import Canvas, probe
from client import Connection, run
from launching import EXECUTABLE, FLAGS
from PIL import Image
from playwright.sync_api import Browser, FilePayload, Page, sync_playwright
from report import judged, machine, put_section, table
from servers import started, streamlit, wait_for

FIRST = 10
SIDE_PX = 1024
MAX_MB = 150
TIMEOUT_MS = 60_000
SECONDS = 1800  # after which a run ends with whatever it has
QUARTERS = 4
TIMEOUT_S = 120  # for one random request


def resident_mb(process: int) -> float:
    """Resident memory of a process and its children, in MB."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="replace")
    own = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))
    children = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()
    return own / 1024 + sum(resident_mb(int(child)) for child in children)


def drawn(page: Page) -> int:
    return int(page.locator(".maps canvas").first.get_attribute("data-drawn") or 0)


def until(page: Page, true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + TIMEOUT_MS / 1000
    while not true():
        if time.monotonic() > deadline:
            raise TimeoutError
        page.wait_for_timeout(10)


def steps(page: Page, number: int) -> Iterator[None]:
    """Slider steps to and fro, each one until it is painted."""
    slider = page.get_by_role("slider", name="Wavelength")
    slider.focus()
    key = "ArrowRight"
    for _ in range(number):
        value = float(slider.input_value())
        if value >= float(slider.get_attribute("max") or 0):
            key = "ArrowLeft"
        elif value <= float(slider.get_attribute("min") or 0):
            key = "ArrowRight"
        before = drawn(page)
        slider.press(key)
        until(page, lambda before=before: drawn(page) > before)
        yield


def uploads(page: Page, number: int) -> Iterator[None]:
    """Another photograph each time, until its name stands in the sidebar and the next may come."""
    fresh = page.locator("input[type=file]:not([data-used])")  # the last one goes with its file
    for n in range(number):
        until(page, lambda: fresh.count() == 1)
        before, chooser = drawn(page), fresh.element_handle()
        chooser.evaluate("element => { element.dataset.used = 'yes' }")
        chooser.set_input_files(
            FilePayload(name=f"photograph {n}.png", mimeType="image/png", buffer=photograph())
        )
        page.get_by_text(f"photograph {n}.png", exact=True).first.wait_for()
        until(page, lambda before=before: drawn(page) > before)
        yield


def photograph() -> bytes:
    data = io.BytesIO()
    noise = [Image.frombytes("L", (SIDE_PX, SIDE_PX), os.urandom(SIDE_PX**2)) for _ in range(3)]
    Image.merge("RGB", noise).save(data, "PNG", compress_level=0)
    return data.getvalue()


def tabs(browser: Browser, address: str, number: int) -> Iterator[None]:
    """Tabs that are opened, show their maps, and are closed."""
    for _ in range(number):
        page = browser.new_page()
        opened(page, address)
        page.context.close()
        yield


def opened(page: Page, address: str) -> None:
    page.set_default_timeout(TIMEOUT_MS)
    page.goto(f"{address}?stage=bank&working_size_px=112")
    page.wait_for_selector(".canvas[data-ready]")


def watched(process: int, rounds: Iterator[None], deadline: float) -> dict[str, float]:
    """Memory after the first ten rounds and after the last, in MB."""
    begun, first, done = time.monotonic(), resident_mb(process), 0
    for _ in rounds:
        done += 1
        if done == FIRST:
            first = resident_mb(process)
        if time.monotonic() > deadline:
            break
    end = resident_mb(process)
    return {
        "done": done,
        "first_mb": round(first),
        "end_mb": round(end),
        "grown_mb": round(end - first),
        "seconds": round(time.monotonic() - begun),
    }


def measured(number_of_steps: int, number_of_uploads: int, number_of_tabs: int) -> dict[str, Any]:
    """All three on one server: steps and uploads in one tab, then tabs opened and closed."""
    deadline = time.monotonic() + SECONDS
    command = streamlit("app.py")
    with started(command) as (address, process), sync_playwright() as playwright:
        wait_for(address, process)
        browser = playwright.chromium.launch(executable_path=EXECUTABLE, args=FLAGS)
        page = browser.new_page()
        opened(page, address)
        return {
            "steps": watched(process.pid, steps(page, number_of_steps), deadline),
            "uploads": watched(process.pid, uploads(page, number_of_uploads), deadline),
            "tabs": watched(process.pid, tabs(browser, address, number_of_tabs), deadline),
        }


def measured_random(number: int) -> dict[str, Any]:
    """Random legal requests, one after the other, to a server of their own.

    Returns:
        How many were `done`, by `statuses`; `first_mb`, before them, and `mb` after each quarter.
    """
    with started(streamlit("app.py")) as (address, process):
        wait_for(address, process)
        return run(_at_random(number, urlsplit(address).netloc, process.pid))


async def _at_random(number: int, netloc: str, server: int) -> dict[str, Any]:
    canvas = Canvas(Connection(netloc, TIMEOUT_S), await probe(netloc))
    chance, statuses, quarters = random.Random(0), Counter[int](), []
    first, deadline = resident_mb(server), time.monotonic() + SECONDS
    for done in range(1, number + 1):
        statuses[await _status(canvas, *request(chance))] += 1
        if done * QUARTERS // number > len(quarters):
            quarters.append(round(resident_mb(server)))
        if time.monotonic() > deadline:
            break
    canvas.connection.close()
    return {
        "done": statuses.total(),
        "statuses": {str(status): count for status, count in sorted(statuses.items())},
        "first_mb": round(first),
        "mb": quarters,
    }


async def _status(canvas: Canvas, slug: str, query: dict[str, str], shown_px: int) -> int:
    """What a request is answered with; 0 for no answer."""
    try:
        return (await canvas.maps(slug, query, shown_px)).status
    except OSError:
        return 0


def random_section(found: dict[str, Any]) -> str:
    """Where memory ends under random requests."""
    answered = ", ".join(f"{count:,} × {status}" for status, count in found["statuses"].items())
    head = ["", "before", "after ¼", "after ½", "after ¾", "at the end"]
    memory = [report.figure(mb, " MB") for mb in (found["first_mb"], *found["mb"])]
    memory += ["not reached"] * (len(head) - 1 - len(memory))
    row = [f"{found['done']:,} random legal settings of all lessons, answered {answered}", *memory]
    return f"\n\nA server of its own:\n\n{table(head, [row])}"


def section(figures: dict[str, dict[str, float]]) -> str:
    """The figures as a section of the page, each beside its target."""
    said = {"steps": "slider steps in one tab", "uploads": "uploads", "tabs": "tabs, one by one"}
    rows = [
        [
            f"{each['done']:,} {said[name]}",
            f"{each['first_mb']:,} MB",
            f"{each['end_mb']:,} MB",
            f"{each['grown_mb']:+,} MB",
            judged(each["grown_mb"], "at most", MAX_MB),
        ]
        for name, each in figures.items()
    ]
    head = ["", f"after the first {FIRST}", "at the end", "grown", f"at most {MAX_MB} MB"]
    return "\n".join(
        [
            "## Memory of the server\n",
            *(f"* {line}" for line in machine()),
            "* Resident memory of the server and its children. One server ran all three, in this order.\n",
            table(head, rows),
        ]
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Writes and prints the figures; 1 if one of them grew too much or did not come to its end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--uploads", type=int, default=50)
    parser.add_argument("--tabs", type=int, default=50)
    parser.add_argument("--random", type=int, default=9000, help="0 for none")
    report.add_option(parser)
    asked = parser.parse_args(arguments)
    figures = measured(asked.steps, asked.uploads, asked.tabs)
    at_random = measured_random(asked.random) if asked.random else None
    print(json.dumps({**figures, "random": at_random}, indent=2))
    text = section(figures) + (random_section(at_random) if at_random else "")
    put_section("soak", text, asked.out / report.MARKDOWN.name)
    wanted = {"steps": asked.steps, "uploads": asked.uploads, "tabs": asked.tabs}
    return int(
        any(
            each["grown_mb"] > MAX_MB or each["done"] < wanted[name]
            for name, each in figures.items()
        )
    )


if __name__ == "__main__":
    sys.exit(main())
