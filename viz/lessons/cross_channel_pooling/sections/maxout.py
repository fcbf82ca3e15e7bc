"""Maxout on the ladder: while it learns, and one unit as a function of one channel."""

from __future__ import annotations

import math
from collections.abc import Generator

from torch import Tensor, nn

from viz.figures.curves import curves
from viz.layers.cross_channel_pooling import Maxout
from viz.lessons.bank_of_50 import BANK_CHANNELS
from viz.lessons.blocks import Block, Chart, Panel, Panels
from viz.lessons.cross_channel_pooling.fitted_layers import maxout_layer
from viz.lessons.cross_channel_pooling.learning import Learning, learning
from viz.lessons.cross_channel_pooling.pieces import around_the_bend
from viz.lessons.cross_channel_pooling.setting import Setting
from viz.lessons.lesson import Blocks
from viz.lessons.measured import looking_at
from viz.numbers import number
from viz.progress import Progress
from viz.text import text


def learned(
    setting: Setting, maps: Tensor, linear: nn.Module
) -> Generator[Progress[Blocks] | None, None, Maxout]:
    """The maxout of a Setting; if it learns, with progress after every unit."""
    if setting.maxout_weights != "fitted":
        return maxout_layer(setting, looking_at(maps))
    for seen in learning(setting, maps, linear):
        yield _progress(seen, setting.units)
    return seen.layer


def _progress(seen: Learning, units: int) -> Progress[Blocks]:
    n = len(seen.rows)
    sentence = text(
        "Maxout learns: {n} of {all} units, error {error}",
        n=n,
        all=units,
        error=number(seen.errors[-1]),
    )
    newest = Panels(
        "learning_maps",
        [
            Panel(text("Group max"), seen.wanted, scale="pooled"),
            Panel(text("Maxout, unit {n}", n=n), seen.made, scale="pooled"),
        ],
        height_px=220,
        columns=4,
    )
    return Progress(n / (units + 1), sentence, [newest, _errors(seen, units)])


def _errors(seen: Learning, units: int) -> Block:
    """The error of all units; those that have not learned equal the 1×1."""
    unknown = [math.nan] * (units + 1 - len(seen.errors))
    line = {
        "x": list(range(units + 1)),
        "lines": {text("maxout"): [*seen.errors, *unknown]},
        "x_title": text("trained units"),
        "y_title": text("error, relative to the group max"),
        "thick": (text("maxout"),),
    }
    alt = text("Error of maxout, relative to the group max, after each of {n} units", n=units)
    return Chart("learning_errors", curves, line, alt)


def one_unit(layer: Maxout, values: Tensor) -> Block:
    """Unit 1 of maxout as a function of one channel, with the others fixed at one pixel."""
    seen = around_the_bend(layer.weight[0], layer.bias[0], values)
    pieces = {text("piece {n}", n=n + 1): piece.tolist() for n, piece in enumerate(seen.pieces)}
    lines = {
        "x": seen.x.tolist(),
        "lines": {**pieces, text("maxout"): seen.largest.tolist()},
        "x_title": text("channel {name}", name=BANK_CHANNELS.names[seen.channel]),
        "y_title": text("unit 1"),
        "thick": (text("maxout"),),
        "at": seen.now,
    }
    alt = text("Unit 1 of maxout as a function of one channel: {n} straight pieces", n=len(pieces))
    return Chart("piecewise", curves, lines, alt)
