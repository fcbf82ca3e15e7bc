"""A ReLU after the reduction: what it loses, and why it is there."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence

from torch import Tensor

from viz.figures.rivals import rivals
from viz.lessons.blocks import Chart, Columns, Panel, Panels, Prose, Table, Words
from viz.lessons.lesson import Long, Scene, Section, always
from viz.lessons.opening import Suggestion
from viz.lessons.reduction.least_squares import decoded, decoding_error
from viz.lessons.reduction.rectified import (
    errors,
    missed_by_one_layer,
    pairs,
    principal_numbers,
    rectified,
)
from viz.lessons.reduction.sections.looked_at import shown_channel
from viz.lessons.reduction.setting import Setting
from viz.numbers import number
from viz.text import text

COUNTS = (1, 2, 3, 5, 7, 10, 15, 20, 30, 40, 50)
ROUNDING = 1e-6
ONE_OR_TWO = text(
    "How far the best single 1×1 stays from two, reading the same maps. At 0 the second layer was no use. Only a ReLU "
    "**between** the two keeps them two layers."
)
NAMES = {
    "linear": text("no ReLU"),
    "pairs": text("± pairs, ReLU"),
    "rotated": text("rotated, ReLU"),
    "rectified": text("PCA, ReLU"),
    "before": text("ReLU, then reduced"),
}


def show(scene: Scene[Setting]) -> Long:
    """The errors against k, one channel decoded, and what merges into one layer."""
    setting, maps = scene.setting, scene.input_of(scene.setting.reducing)
    values, k, bias = maps.flatten(1).double().cpu(), setting.kept, setting.relu_bias
    counts = sorted({*(each for each in COUNTS if each < len(values)), k, len(values)})
    found = yield from errors(values, counts, bias, setting.seed)
    at = counts.index(k)
    sentence = text(
        "The {all} channels from **{k}** numbers: error **{linear}** without a ReLU, **{rectified}** with one.",
        all=len(values),
        k=k,
        linear=number(found["linear"][at]),
        rectified=number(found["rectified"][at]),
    )
    numbers = principal_numbers(values)[:k]
    yield None
    decoded_maps = _maps(maps, values, numbers, bias, *shown_channel(scene))
    yield None
    merged = yield from _merged(values, numbers, bias)
    return [
        Prose(sentence, "heading"),
        decoded_maps,
        _errors(counts, found, k),
        Columns([[merged], [Prose(ONE_OR_TWO)]], align="center"),
    ]


def _maps(maps: Tensor, values: Tensor, numbers: Tensor, bias: float, at: int, name: str) -> Panels:
    """One channel, and what is decoded of it from the numbers, their ReLU, and ± pairs."""
    wanted, shape = values[at : at + 1], maps.shape[1:]
    given = {
        text("From {k} numbers", k=len(numbers)): numbers,
        text("From their ReLU"): rectified(numbers, bias),
        text("From ± pairs, {n} outputs", n=2 * len(numbers)): pairs(numbers, bias),
    }
    title = text("Channel {name}", name=name)
    panels = [Panel(title, maps[at : at + 1], scale="channel")]
    panels += [
        Panel(
            title,
            decoded(wanted, read).view(1, *shape).float(),
            scale="channel",
            note=text("error of this channel {error}", error=number(decoding_error(wanted, read))),
        )
        for title, read in given.items()
    ]
    return Panels("decoded_maps", panels, height_px=280, columns=4)


def _errors(counts: Sequence[int], found: Mapping[str, Sequence[float]], k: int) -> Chart:
    lines = {
        "x": counts,
        "lines": {title: found[name] for name, title in NAMES.items()},
        "x_title": text("numbers a pixel, k"),
        "y_title": text("error of all channels"),
        "main": NAMES["linear"],
        "at": float(k),
    }
    alt = text("Error of the channels against k, with and without a ReLU after the reduction")
    return Chart("relu_errors", rivals, lines, alt)


def _merged(values: Tensor, numbers: Tensor, bias: float) -> Generator[None, None, Table]:
    """How far the best single 1×1 stays from two layers, without a ReLU, with one between, and before."""
    first = values.relu()
    passed = {
        text("1×1\u00a0→\u00a01×1"): (numbers, values),
        text("1×1\u00a0→\u00a0**ReLU**\u00a0→\u00a01×1"): (rectified(numbers, bias), values),
        text("**ReLU**\u00a0→\u00a01×1\u00a0→\u00a01×1"): (
            principal_numbers(first)[: len(numbers)],
            first,
        ),
    }
    rows: list[list[Words]] = []
    for name, (between, inputs) in passed.items():
        yield None
        block = decoded(values, between)
        yield None
        rows.append([name, _size(missed_by_one_layer(block, inputs))])
    return Table([text("two layers"), text("error of a single 1×1 instead")], rows)


def _size(error: float) -> str:
    """An error; what rounding leaves of 0 is 0."""
    return "0" if error < ROUNDING else number(error)


SECTION = Section(
    show,
    always("kept", "relu_bias", "seed"),
    opening={"kept": 20, "relu": True},
    views=(
        Suggestion("Ten numbers", {"kept": 10}),
        Suggestion("All fifty", {"kept": 50}),
        Suggestion("A bias of 3 σ", {"relu_bias": 3.0}),
    ),
)
