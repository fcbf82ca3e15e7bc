"""Orientation tuning of the channels before and after the open 1×1, and with its weights shuffled."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from viz.disk_cache import DiskCache, folder
from viz.figures.banded import banded
from viz.figures.curves import curves
from viz.lessons.blocks import Chart, Columns, Prose, Table, Words
from viz.lessons.opening import Suggestion
from viz.lessons.scene import Scene
from viz.lessons.section import Long, Section, always
from viz.lessons.trained.pieces import Piece
from viz.lessons.trained.running import followed
from viz.lessons.trained.setting import Setting
from viz.lessons.trained.subject import Subject, no_network, subject
from viz.lessons.trained.tuned import (
    SWEEP,
    Tuned,
    mean_selectivity,
    selectivities,
    shown_px,
    swept,
    tuned,
)
from viz.numbers import exact, number
from viz.progress import Progress
from viz.text import Text, text
from viz.tuning import TuningCurve

STEPS = 51  # of the axis of selectivity
INPUTS = 3  # of the output whose curve is drawn
BEFORE, AFTER = text("before the 1×1"), text("after it")


def show(scene: Scene[Setting]) -> Long:
    """The selectivity of all channels, then one channel and its strongest inputs."""
    of = subject(scene)
    if of is None:
        return no_network()
    matrix = matrix_of(of.piece)
    if matrix is None:
        return [Prose(_not_pointwise(of))]
    part = of.upto(of.arrives)
    channels = of.trained.entry.input_shape[0]
    key = f"into {of.key}"
    responses = yield from followed(
        swept(part, channels, key, DiskCache(folder())),
        lambda done: None if done is None else Progress(done.fraction, done.sentence),
    )
    found = tuned(matrix, responses, scene.setting.shuffle_seed)
    return [
        Prose(_heading(of, found), "heading"),
        Columns(
            [
                [Prose(text("All channels")), _shares(found)],
                [Prose(_own(of, found)), _one(of, matrix, found)],
            ]
        ),
        _table(found),
        Prose(_method(shown_px(part, channels), len(found.shuffled)), "caption"),
    ]


def matrix_of(piece: Piece) -> Tensor | None:
    """The weights of a 1×1 as `(O, C)`; None for another layer, or one of several groups."""
    layer = piece.main.layer
    if isinstance(layer, nn.Linear) and piece.is_pointwise:
        return layer.weight
    if isinstance(layer, nn.Conv2d) and piece.is_pointwise and layer.groups == 1:
        return layer.weight[:, :, 0, 0]
    return None


def _not_pointwise(of: Subject) -> Text:
    return text(
        "{layer} is no 1×1 over all channels. Open one above: in blue, with 1×1 in its box.",
        layer=of.layer_name,
    )


def _heading(of: Subject, found: Tuned) -> Text:
    means = [mean_selectivity(each) for each in found.shuffled]
    after = mean_selectivity(found.after)
    if not all(map(math.isfinite, (after, *means))):
        return text("{layer}: no channel answers to these gratings", layer=of.layer_name)
    said = text("within the range of")
    if after > max(means):
        said = text("above each of")
    elif after < min(means):
        said = text("below each of")
    mean, spread = mean_and_spread(means)
    return text(
        "{layer}: the mean selectivity goes from **{before}** to **{after}**, {said} {n} shuffles of its weights: {mean} ± {spread}",
        layer=of.layer_name,
        before=number(mean_selectivity(found.before)),
        after=number(after),
        said=said,
        n=len(means),
        mean=number(mean),
        spread=number(spread, 2),
    )


def mean_and_spread(values: Sequence[float]) -> tuple[float, float]:
    """Mean and standard deviation, with n − 1.

    >>> mean_and_spread([1.0, 3.0])
    (2.0, 1.4142135623730951)
    """
    numbers = torch.tensor(values, dtype=torch.float64)
    return float(numbers.mean()), float(numbers.std())


def share_at_least(curve: TuningCurve, levels: Tensor) -> Tensor:
    """Which share of the channels that answer is at least so selective, for each level."""
    values = selectivities(curve)
    if not len(values):
        return levels.new_zeros(len(levels))
    return (values[None] >= levels[:, None]).double().mean(1)


def _shares(found: Tuned) -> Chart:
    every = [found.before, found.after, *found.shuffled]
    most = max((float(each) for curve in every for each in selectivities(curve)[-1:]), default=1.0)
    levels = torch.linspace(0, min(1.0, math.ceil(10 * most) / 10), STEPS, dtype=torch.float64)
    before, after = (100 * share_at_least(each, levels) for each in (found.before, found.after))
    mixed = 100 * torch.stack([share_at_least(each, levels) for each in found.shuffled])
    low, mean, high = mixed.amin(0), mixed.mean(0), mixed.amax(0)
    band = text("shuffled {n} times", n=len(mixed))
    arguments = {
        "x": levels.tolist(),
        "thick": (AFTER, after.tolist()),
        "spread": (band, (low.tolist(), mean.tolist(), high.tolist())),
        "lines": {BEFORE: before.tolist()},
        "x_title": text("selectivity, at least"),
        "y_title": text("% of channels"),
    }
    half = STEPS // 2
    alt = text(
        "{before} % of the channels have a selectivity of at least {level} before the 1×1, {after} % after it, {mean} % with shuffled weights",
        level=number(float(levels[half]), 2),
        before=number(float(before[half])),
        after=number(float(after[half])),
        mean=number(float(mean[half])),
    )
    return Chart("selectivities", banded, arguments, alt)


def _own(of: Subject, found: Tuned) -> Text:
    """The output whose curve is drawn, beside the most selective input."""
    own = float(found.after.selectivity[of.channel])
    if not math.isfinite(own):
        return text("Output {n} does not answer. Click another map above.", n=of.channel + 1)
    return text(
        "Output {n} has a selectivity of **{own}**, the most selective of its {all} inputs {most}. Thin: its strongest inputs, as number: weight. Click another map above.",
        n=of.channel + 1,
        own=number(own, 2),
        all=len(found.before.selectivity),
        most=number(float(found.before.selectivity.nan_to_num().max()), 2),
    )


def _one(of: Subject, matrix: Tensor, found: Tuned) -> Chart:
    """The tuning curve of one output, and of the inputs that weigh most in it, by number and weight."""
    own = matrix[of.channel]
    weighed = own.abs() * found.before.response.amax(1)
    inputs = weighed.topk(min(INPUTS, len(own))).indices.tolist()
    output = text("output {n}", n=of.channel + 1)
    lines = {output: _as_share(found.after.response[of.channel])}
    for each in inputs:
        name = text("{n}: {w}", n=each + 1, w=number(float(own[each]), 2))
        lines[name] = _as_share(found.before.response[each])
    arguments = {
        "x": [*found.after.orientations_degrees.tolist(), 180.0],
        "lines": lines,
        "thick": (output,),
        "x_title": text("orientation of the bars, degrees"),
        "y_title": text("answer, % of its largest"),
        "x_ticks": [0, 45, 90, 135, 180],
    }
    alt = text(
        "Tuning of output {n}: it prefers bars of {degrees}°, with a selectivity of {selectivity}",
        n=of.channel + 1,
        degrees=number(float(found.after.preferred_degrees[of.channel])),
        selectivity=number(float(found.after.selectivity[of.channel]), 2),
    )
    return Chart("one_output", curves, arguments, alt)


def _as_share(response: Tensor) -> list[float]:
    """In per cent of the largest; at 180° the bars are those at 0°."""
    around = torch.cat([response, response[:1]])
    return (100 * around / around.max().clamp(min=1e-30)).tolist()


def _table(found: Tuned) -> Table:
    head = ["Channels", "Answer", "Mean selectivity", "Half-width, median"]
    rows = [_row(BEFORE, [found.before]), _row(AFTER, [found.after])]
    rows.append(
        _row(text("with shuffled weights, {n} times", n=len(found.shuffled)), found.shuffled)
    )
    return Table([text(name) for name in head], rows)


def _row(name: Text, several: Sequence[TuningCurve]) -> list[Words]:
    of_each = [
        [float((~each.is_silent).sum()) for each in several],
        [mean_selectivity(each) for each in several],
        [float(each.half_width_degrees.nanmedian()) for each in several],
    ]
    answer, selectivity, width = (_with_spread(values) for values in of_each)
    count = len(several[0].is_silent)
    return [name, f"{answer} / {exact(count)}", selectivity, f"{width}°"]


def _with_spread(values: Sequence[float]) -> str:
    if len(values) == 1:
        return number(values[0])
    mean, spread = mean_and_spread(values)
    return f"{number(mean)} ± {number(spread, 2)}"


def _method(size_px: int, shuffles: int) -> Text:
    wavelengths, orientations, phases = SWEEP.shape
    return text(
        "{n} gratings of {size} × {size} px, {orientations} orientations, {wavelengths} wavelengths from {short} to {long} px, {phases} phases, shown to the trained network; "
        "the unit in the middle, less its answer to plain grey. After the 1×1: before its normalisation and ReLU. Shuffled: the same weights, each at a random place of the matrix, {shuffles} seeds, ± one standard deviation. "
        "Dashed: their mean, grey: from the lowest to the highest. Selectivity is 0 if all orientations are alike, 1 if a channel answers to a single one. A channel answers if it reaches 1 % of the layer’s largest answer.",
        n=exact(wavelengths * orientations * phases),
        size=size_px,
        orientations=orientations,
        wavelengths=wavelengths,
        short=number(SWEEP.wavelengths_px[0]),
        long=number(SWEEP.wavelengths_px[-1]),
        phases=phases,
        shuffles=shuffles,
    )


SECTION = Section(
    show,
    always("shuffle_seed"),
    opening={"layer": 5, "first": 20},
    views=(
        Suggestion("The first 1×1", {"layer": 4, "first": 1}),
        Suggestion("Less selective than shuffled", {"layer": 8}),
        Suggestion("Block 5: some seconds", {"layer": 19}),
    ),
)
