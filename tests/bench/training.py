"""How long a second visitor waits for one step of a slider while somebody trains.

    python tests/bench/training.py                # every section that trains
    python tests/bench/training.py pixels

Both ask the one queue of the app, without a browser. The first visitor trains the networks of a section
again and again, with another seed each time; the second one moves a slider of the same lesson and of the
Lab. Rounds with and without the training alternate, and no step comes twice.
"""

from __future__ import annotations

import argparse
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from itertools import count
from typing import Any, NamedTuple

from report import ROOT
from rounds import percentile

sys.path.insert(0, str(ROOT))
from viz import images, lessons, run
from viz.images import Picture
from viz.run import drawing, sections
from viz.run.building import sized
from viz.settings import Setting
from viz.view import View

STEPS, ROUNDS, PAUSE_S = 40, 4, 0.05


class Training(NamedTuple):
    """A section that trains.

    Attributes:
        slug, part: of the lesson and of the section.
        fields: the fields that determine the nth training.
    """

    slug: str
    part: str
    fields: Callable[[int], Mapping[str, object]]


TRAININGS = {
    "reduction": Training(
        "reduction", "train", lambda n: {"train_seed": n % 100, "kept": 10 + n // 100}
    ),
    "pixels": Training("network_in_network", "train", lambda n: {"training_seed": n % 100}),
    "digits": Training("network_in_network", "digits", lambda n: {"digit_seeds": 1 + n % 5}),
}


@cache  # every training goes on where the last one stopped
def settings_of(slug: str) -> Iterator[Setting]:
    """Ever new values of one slider, with another one changed after each pass."""
    kind = lessons.load(slug).setting
    for turn in count():
        if slug == "reduction":
            yield from (kind(method="random", seed=turn, kept=kept) for kept in range(1, 51))
        elif slug == "network_in_network":
            yield from (kind(weights="random", seed=turn, hidden=units) for units in range(1, 25))
        else:
            yield from (
                kind(wavelength_px=4 + step / 2, aspect=1 + turn / 10) for step in range(24)
            )


def a_step(slug: str, setting: Setting, picture: Picture) -> float:
    """The milliseconds of one step of a slider, from asking to the packed maps."""
    lesson, view = lessons.load(slug), View(picture=picture.slug, working_size_px=224)
    work = partial(drawing.draw_slices, lesson, setting, view, picture, 112)
    started = time.perf_counter()
    run.QUEUE.ask(("second", slug), (slug, setting.digest), work, visitor="second").result()
    return 1e3 * (time.perf_counter() - started)


def train(of: Training, picture: Picture, stop: threading.Event, done: list[int]) -> None:
    """Trains the networks of a section one time after the other until it is told to stop."""
    lesson, view = lessons.load(of.slug), View(picture=picture.slug, working_size_px=224)
    opening = lesson.sections[of.part].opening
    for number in count():
        if stop.is_set():
            return
        fields: Any = {**opening, "part": of.part, **of.fields(number)}
        setting = lesson.setting(**fields)
        given = (lesson, of.part, setting, view, sized(picture, 224))
        key, work = sections.section_key(*given), partial(sections.section, *given)
        ticket = run.QUEUE.ask(("first", "train"), key, work, visitor="first")
        while not ticket.done() and not stop.is_set():
            time.sleep(0.02)
        done.append(ticket.done())
        run.QUEUE.cancel(("first", "train"), key)


def wait_until_idle() -> None:
    """Nothing may compute when the interpreter ends: torch would end the process with an error."""
    run.QUEUE.ask("end", "end", lambda: None).result()


def measured(of: Training, slug: str, picture: Picture) -> dict[bool, list[float]]:
    """The milliseconds of all steps, without and with somebody who trains."""
    values, found = settings_of(slug), dict[bool, list[float]]()
    for _ in range(5):
        a_step(slug, next(values), picture)
    for trains in [False, True] * ROUNDS:
        stop, done = threading.Event(), list[int]()
        trainer = threading.Thread(target=train, args=(of, picture, stop, done))
        if trains:
            trainer.start()
            time.sleep(0.5)
        for _ in range(STEPS):
            found.setdefault(trains, []).append(a_step(slug, next(values), picture))
            time.sleep(PAUSE_S)
        stop.set()
        if trains:
            trainer.join()
    return found


def report(name: str, slug: str, picture: Picture) -> None:
    """Prints the waiting times of one slider beside one section that trains."""
    found = measured(TRAININGS[name], slug, picture)
    for trains, steps in found.items():
        print(
            f"{slug}, {f'while someone trains {name}' if trains else 'alone'}: "
            f"median {percentile(steps, 0.5):.0f} ms, p95 {percentile(steps, 0.95):.0f} ms, {len(steps)} steps"
        )
    print(f"{slug}: p95 {percentile(found[True], 0.95) / percentile(found[False], 0.95):.2f} ×")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("trainings", nargs="*", default=[*TRAININGS], metavar="training")
    picture = images.find("astronaut")
    assert picture is not None
    for name in arguments.parse_args().trainings:
        for slug in (TRAININGS[name].slug, "lab"):
            report(name, slug, picture)
    wait_until_idle()


if __name__ == "__main__":
    main()
