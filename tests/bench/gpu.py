"""The same work on the CPU and on a GPU: maps for the canvas, sections, claims, layers, a long job.

    python tests/bench/gpu.py

It needs an accelerator that torch reports, and no browser: it asks the server's route for maps as the
canvas does, and does the rest in this process. Writes one section of docs/performance.md.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from http.client import HTTPConnection
from secrets import token_urlsafe
from statistics import median
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

import canvas
import layers
import lessons as sliders
import numpy as np
import quiet
import report
import servers
import torch
from pixels import PICTURE, SETTING
from slowest import EXTREMES

sys.path.insert(0, str(report.ROOT))
from viz import devices, images, lessons, run
from viz.images import Picture
from viz.lessons import LESSONS
from viz.lessons.claim import Claim
from viz.lessons.lesson import Lesson, finished
from viz.run import long_jobs
from viz.run.building import sized
from viz.run.drawing import draw
from viz.run.sections import section as blocks_of
from viz.settings import as_text

SIDE = 224
VISITOR = {canvas.HEADER: token_urlsafe(16), "Sec-Fetch-Site": "same-origin"}
COLD = "--cold"
SECONDS = 120  # for one answer
# The slider that moves each of the largest requests: no answer is ever the one before.
SEEDS = {
    "lab": "pointwise_seed",
    "pointwise": "pointwise_seed",
    "pooling": "seed",
    "strided": "strided_seed",
}
LONG = {"units": 64, "pieces": 5}


@dataclass(frozen=True)
class Request:
    """Maps that the canvas asks for, with one slider that moves from step to step."""

    words: str
    slug: str
    query: Mapping[str, str]
    slider: str
    values: Sequence[float]
    shown_px: int = SIDE

    def path(self, step: int, device: str) -> str:
        """The address of one step."""
        moved = {self.slider: as_text(self.values[step % len(self.values)]), "device": device}
        px = {"working_size_px": str(SIDE), "shown_px": str(self.shown_px)}
        return f"/maps/{self.slug}?{urlencode({**px, **self.query, **moved})}"


class Timings(NamedTuple):
    """Milliseconds of the same work, in rounds, by device; and a word on its result."""

    words: str
    ms: Mapping[str, Sequence[float]]
    said: str = ""


def _values(slug: str, slider: str) -> list[int]:
    """Up to a hundred values of a slider, in order."""
    control = lessons.load(slug).setting.controls()[slider]
    return [value for value in range(100) if control.read(as_text(value)) is not None]


def requests() -> Iterator[Request]:
    """A slider step in the Lab and in every lesson; then the largest views."""
    wavelengths = [3 + step / 2 for step in range(58)]
    yield Request("the Lab as it opens, wavelength", "lab", {}, "wavelength_px", wavelengths)
    yield Request("the Lab, 64 maps, seed", "lab", SETTING, "pointwise_seed", range(100))
    for slug, (slider, words, query, _) in sliders.MOVED.items():
        given = {"picture": PICTURE, **dict(parse_qsl(query))}
        yield Request(f"{_spoken(slug)}: {words}", slug, given, slider, _values(slug, slider))
    for each in EXTREMES:
        if each.name in SEEDS:
            given = each.query | {"working_size_px": "512"}
            seeds = range(1, 100)
            yield Request(f"512 px, {each.words}", each.slug, given, SEEDS[each.name], seeds, 512)


def in_rounds(
    rounds: int, names: Sequence[str], work: Callable[[str, int], float]
) -> dict[str, list[float]]:
    """Milliseconds of `work(device, round)`, the devices in shuffled order; the first is left out."""
    ms: dict[str, list[float]] = {name: [] for name in names}
    for number in range(rounds + 1):
        for name in random.sample(list(names), len(names)):
            taken = work(name, number)
            if number:
                ms[name].append(taken)
    return ms


def timed(work: Callable[[], Any]) -> float:
    """Milliseconds of work whose result lies on the CPU."""
    began = time.perf_counter()
    work()
    return 1e3 * (time.perf_counter() - began)


# --- through the server --------------------------------------------------------------------------


def asked(names: Sequence[str], rounds: int) -> list[Timings]:
    """Every request through the route of a server of its own."""
    with servers.serving(servers.streamlit("app.py")) as address:
        connection = HTTPConnection(urlsplit(address).netloc, timeout=SECONDS)
        found = [_asked(each, names, rounds, connection) for each in requests()]
        connection.close()
    return found


def _asked(
    request: Request, names: Sequence[str], rounds: int, connection: HTTPConnection
) -> Timings:
    bodies: dict[tuple[int, str], bytes] = {}

    def step(name: str, number: int) -> float:
        began = time.perf_counter()
        body = fetched(connection, request.path(number, name))
        taken = 1e3 * (time.perf_counter() - began)
        said = json.loads(canvas.header(body))["device"]
        assert said == devices.title(torch.device(name)), said
        bodies[number, name] = canvas.drawn(body)[1]
        return taken

    ms = in_rounds(rounds, names, step)
    apart = (
        off_by(bodies[n, names[0]], bodies[n, name]) for n in range(rounds + 1) for name in names
    )
    return Timings(request.words, ms, str(max(apart)))


def fetched(connection: HTTPConnection, path: str) -> bytes:
    """The body of an answer to one visitor."""
    connection.request("GET", path, headers=VISITOR)
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status == 200, (path, answer.status, body[:200])
    return body


def off_by(one: bytes, other: bytes) -> int:
    """The largest difference of two pixels, of 255.

    >>> off_by(bytes([3, 250]), bytes([5, 250]))
    2
    """
    first, second = (np.frombuffer(each, np.uint8).astype(int) for each in (one, other))
    return int(np.abs(first - second).max())


# --- in this process -----------------------------------------------------------------------------


def opened(names: Sequence[str], rounds: int) -> Iterator[Timings]:
    """Every section of every lesson, the canvas above it drawn; nothing of it is cached."""
    for lesson in _lessons():
        for name in lesson.sections:
            yield _opened(lesson, name, {}, names, rounds)


def learned(names: Sequence[str], rounds: int) -> Timings:
    """The longest job: a large maxout learns."""
    lesson = lessons.load("cross_channel_pooling")
    words = f"maxout learns, {LONG['units']} units of {LONG['pieces']} pieces"
    return _opened(lesson, "ladder", LONG, names, rounds)._replace(words=words)


def _opened(
    lesson: Lesson[Any],
    name: str,
    fields: Mapping[str, object],
    names: Sequence[str],
    rounds: int,
) -> Timings:
    """A section as it opens, but for these fields of its Setting."""
    opening, opened = lesson.read({"part": name})
    setting, picture = replace(opened, **fields), sized(images.find(opening.picture), SIDE)

    @torch.inference_mode()
    def step(device: str, _: int) -> float:
        long_jobs._RESULTS.clear()
        view = replace(opening, device=device)
        steps: Any = blocks_of(lesson, name, setting, view, picture)
        return timed(lambda: finished(steps))

    return Timings(f"{_spoken(lesson.slug)}: {name}", in_rounds(rounds, names, step))


def proven(names: Sequence[str], rounds: int) -> Iterator[Timings]:
    """All claims of every lesson, both methods of each, and whether they hold."""
    for lesson in _lessons():
        opening, setting = lesson.read({})
        picture = sized(images.find(opening.picture), SIDE)
        claims = lesson.claims(setting, picture.pixels)
        held: list[bool] = []
        ms = in_rounds(rounds, names, partial(_compared, claims, picture, held))
        said = "hold" if all(held) else f"**{held.count(False)} of {len(held)} fail**"
        yield Timings(f"{_spoken(lesson.slug)}: {len(claims)} claims", ms, said)


def _compared(
    claims: Sequence[Claim], picture: Picture, held: list[bool], device: str, _: int
) -> float:
    """Milliseconds of both methods of all claims; whether each holds is added to `held`."""
    began = time.perf_counter()
    held.extend(row.holds for row in run.compare(claims, picture, torch.device(device)))
    return 1e3 * (time.perf_counter() - began)


def layered(names: Sequence[str], rounds: int) -> list[Timings]:
    """Every layer of layers.py, without what surrounds it."""
    found: dict[str, dict[str, list[float]]] = {}
    for name in names:
        device = torch.device(name)
        for case in layers.cases(layers.CHANNELS, layers.SIDE, device):
            layers.same(case)
            ours = layers.measured(replace(case, plain={}), device, 1.0, rounds)
            found.setdefault(case.name, {})[name] = [ours.ms]
    return [Timings(words, ms) for words, ms in found.items()]


COLD_STEPS = (  # wavelength, working size, and what the maps are then the first of
    (4.0, SIDE, "first maps of a process"),
    (5.0, SIDE, "another wavelength"),
    (6.0, 256, "another working size"),
    (7.0, 256, "another wavelength in it"),
)


def cold(name: str) -> list[float]:
    """Milliseconds of the first steps of the Lab in a process that has only imported torch."""
    lesson = lessons.load("lab")
    opening, opened = lesson.read({})
    picture, ms = images.find(opening.picture), []
    for wavelength_px, size_px, _ in COLD_STEPS:
        setting = replace(opened, wavelength_px=wavelength_px)
        view = replace(opening, device=name, working_size_px=size_px)
        ms.append(timed(partial(draw, lesson, setting, view, picture, size_px)))
    return ms


def started_cold(names: Sequence[str], rounds: int) -> Iterator[Timings]:
    """`cold` in processes of its own."""
    found: dict[str, list[list[float]]] = {name: [] for name in names}
    for _ in range(rounds):
        for name in names:
            command = [sys.executable, __file__, COLD, name]
            said = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
            found[name].append(json.loads(said))
    for number, (_, _, words) in enumerate(COLD_STEPS):
        yield Timings(words, {name: [each[number] for each in ms] for name, ms in found.items()})


def _lessons() -> list[Lesson[Any]]:
    return [lessons.load(entry.slug) for entry in LESSONS]


def _spoken(slug: str) -> str:
    return slug.replace("_", " ")


# --- words ---------------------------------------------------------------------------------------


def table(first: str, found: Sequence[Timings], said: str = "") -> str:
    """Medians by device, and how many times as long the CPU, which is the last, takes."""
    names = list(found[0].ms)
    head = [first, *(devices.title(torch.device(name)) for name in names), "CPU / GPU"]
    return report.table([*head, said] if said else head, [_row(each, said) for each in found])


def _row(found: Timings, said: str) -> list[str]:
    middle = [median(ms) for ms in found.ms.values()]
    ratio = median(b / a for a, b in zip(*_ends(found), strict=True))
    cells = [found.words, *(report.figure(ms, " ms") for ms in middle), report.figure(ratio, "×")]
    return [*cells, found.said] if said else cells


def _ends(found: Timings) -> tuple[Sequence[float], Sequence[float]]:
    each = list(found.ms.values())
    return each[0], each[-1]


def section(tables: Sequence[str], meanwhile: str) -> str:
    lines = [*report.machine(), _accelerator(), f"{time.strftime('%Y-%m-%d %H:%M')}; {meanwhile}"]
    return "\n\n".join(["## On a GPU", "\n".join(f"* {line}" for line in lines), HOW, *tables])


def _accelerator() -> str:
    device = torch.device(devices.available()[0])
    if device.type != "cuda":
        return devices.title(device)
    gigabytes = torch.cuda.get_device_properties(device).total_memory / 2**30
    libraries = f"CUDA {torch.version.cuda} · cuDNN {torch.backends.cudnn.version()}"
    return f"{devices.title(device)}, {gigabytes:.0f} GiB · {libraries}"


HOW = f"""Medians of rounds in which the devices take turns in shuffled order; the first round is not counted. The last column is the median of
the rounds' ratios: above 1× the GPU is faster. Pictures are {SIDE} px wide unless a row says otherwise. "Off by" is the largest difference
of a pixel between the devices, in any round. No browser was used, so painting is not in these figures. Repeat it with `python tests/bench/gpu.py`."""


def measured(names: Sequence[str], rounds: int) -> list[str]:
    """All tables."""
    few = max(1, rounds // 3)
    return [
        table("maps through the server's route", asked(names, rounds), "off by at most, of 255"),
        table("a section of a lesson", [*opened(names, rounds), learned(names, few)]),
        table("the proof card", list(proven(names, rounds)), "all claims"),
        table("a layer alone", layered(names, rounds)),
        table("the Lab in a new process", list(started_cold(names, few))),
    ]


def main(arguments: Sequence[str] | None = None) -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    options.add_argument("--rounds", type=int, default=9)
    options.add_argument(COLD, metavar="DEVICE", help="print the first steps of this process")
    report.add_option(options)
    chosen = options.parse_args(arguments)
    torch.set_num_threads(run.THREADS)  # as the queue has
    if chosen.cold:
        print(json.dumps(cold(chosen.cold)))
        return
    if len(devices.available()) == 1:
        raise SystemExit("torch reports no accelerator here")
    before = quiet.usage()
    tables = measured(devices.available(), chosen.rounds)
    text = section(tables, quiet.sentence(before, quiet.usage()))
    report.put_section("gpu", text, chosen.out / report.MARKDOWN.name)
    print(text)


if __name__ == "__main__":
    main()
