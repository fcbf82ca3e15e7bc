"""The numbers of maps that a group max and maxout can pool 50 to, and their parameters."""

from __future__ import annotations

import math
from collections.abc import Collection

from viz.figures.curves import curves
from viz.lessons.bank_of_50 import CHANNELS
from viz.lessons.blocks import Block, Chart, Table
from viz.lessons.cross_channel_pooling.setting import Setting
from viz.lessons.cross_channel_pooling.units import maxout_parameters, pooling_parameters
from viz.lessons.lesson import Scene, Section, always
from viz.numbers import exact
from viz.text import Text, text


def show(scene: Scene[Setting]) -> list[Block]:
    """Whether each allows the requested number of maps, and the parameters of any number."""
    wanted, pieces = scene.setting.units, scene.setting.pieces
    pooling, maxout = pooling_parameters(), maxout_parameters(pieces)
    price = text(
        "gives {n} maps for {parameters} parameters", n=wanted, parameters=exact(maxout[wanted])
    )
    rows = [[text("Group max"), _pooling_gives(wanted, pooling)], [text("Maxout"), price]]
    lines = {
        "x": list(maxout),
        "lines": {
            text("maxout of {k}", k=pieces): list(maxout.values()),
            text("group max"): [float(pooling.get(n, math.nan)) for n in maxout],
        },
        "x_title": text("maps made of {all}", all=CHANNELS),
        "y_title": text("parameters"),
        "at": float(wanted),
    }
    alt = text("Parameters of maxout against the number of its maps, 1 to {n}", n=len(maxout))
    return [
        Table(["", text("{n} maps of {all}", n=wanted, all=CHANNELS)], rows, words=2),
        Chart("reach", curves, lines, alt),
    ]


def _pooling_gives(wanted: int, numbers: Collection[int]) -> Text:
    if wanted in numbers:
        return text("gives {n} maps, without parameters", n=wanted)
    return text(
        "cannot give {n} maps of {all}: only {these}",
        n=wanted,
        all=CHANNELS,
        these=", ".join(map(str, sorted(numbers))),
    )


SECTION = Section(show, always("units", "pieces"), opening={"units": 7})
