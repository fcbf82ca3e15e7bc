"""The same matrix written in five ways, raced."""

from __future__ import annotations

import torch

from viz.lessons.blocks import Block, Prose, Table, Words
from viz.lessons.lesson import Scene, Section
from viz.lessons.pointwise.race import RUNS, Raced, five_ways, raced
from viz.lessons.pointwise.setting import Setting
from viz.numbers import exact, number
from viz.text import text


def show(scene: Scene[Setting]) -> list[Block]:
    """The five ways, on the chosen device and on the CPU."""
    matrix, maps = scene.mixing("pointwise").matrix, scene.input_of("pointwise")
    racing = dict.fromkeys([scene.pixels.device, torch.device("cpu")])
    ways = raced(five_ways(matrix), matrix, maps, tuple(racing))
    head = ["Method", "", "Pixels", "Largest difference", "Rounding allows"]
    devices = ways[0].milliseconds
    note = text(
        "Differences are from the first method, on the same pixels. Milliseconds are the best of {n} runs.",
        n=RUNS,
    )
    return [
        Table([*map(text, head), *devices], [_row(way) for way in ways], words=2),
        Prose(note, "caption"),
    ]


def _row(raced: Raced) -> list[Words]:
    return [
        f"{'✓' if raced.within else '✗'} **{raced.way.name}**",
        raced.way.sentence,
        exact(raced.pixels),
        number(raced.difference),
        number(raced.bound),
        *(f"{ms:.2f} ms" for ms in raced.milliseconds.values()),
    ]


SECTION = Section(show, is_cached=False)  # a race is run again
