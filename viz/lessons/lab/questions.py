"""What to predict in the Lab: how many maps remain, what a mean cancels, where filters answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from viz.lessons.grid_cells import GRID, cell_means, largest_cells
from viz.lessons.lab.setting import Setting
from viz.lessons.question import Number, OneOf, Question, Where, one_of
from viz.lessons.scene import Scene
from viz.numbers import number
from viz.text import text
from viz.trace import receptive_field

ANSWERS = {"bank": "gabor", "rectifier": "relu", "pooling": "max", "pool_over": "phases"}
WAVELENGTHS_PX = (4.0, 12.0)  # to ask about: fine bars, or wide ones
OUTPUTS = (8, 5)
ROUNDING = 1e-5  # of the largest number that is averaged
MEANS = (text("0 everywhere"), text("weak edges"), text("the same maps as the max"))


def questions(scene: Scene[Setting]) -> Sequence[Question]:
    """Up to five questions; each asks about a layer or filters that are not on the canvas."""
    asked = (_count, _mean, _place, _field, _weights)
    return [question for about in asked for question in about(scene)]


def _count(scene: Scene[Setting]) -> Iterator[Question]:
    """How many maps remain when the pool goes over orientations."""
    here = scene.setting
    orientations = next(n for n in (here.orientations, 4, 6) if n not in (1, here.phases))
    phases = next(n for n in (here.phases, 4, 2) if n not in (1, orientations))
    if here.pool_over == "orientations" and here.pooling == "max":
        orientations = next(n for n in (6, 8) if n != here.orientations)
    fields: dict[str, Any] = {
        **ANSWERS,
        "pool_over": "orientations",
        "orientations": orientations,
        "phases": phases,
    }
    right, arriving = scene.changed(**fields).channels("pooling").size, orientations * phases
    wrong = {
        orientations: text("That many has a max over phases."),
        arriving: text("That many arrive; the max makes one map of several."),
        1: text("The max is over the orientations, and each phase has its own."),
    }
    yield Question(
        "count",
        text(
            "{a} orientations × {b} phases: how many maps does a max over orientations leave?",
            a=orientations,
            b=phases,
        ),
        one_of(right, wrong, str),
        text(
            "Of the {n} maps, the max takes {a} at a time, one of each orientation. One map for each phase is left: {right}.",
            n=arriving,
            a=orientations,
            right=right,
        ),
        {**fields, "stage": "pooling"},
    )


def _mean(scene: Scene[Setting]) -> Iterator[Question]:
    """Without a rectifier, phases of opposite sign cancel."""
    here = scene.setting
    fields: dict[str, Any] = {**ANSWERS, "rectifier": "none", "pooling": "mean", "phases": 4}
    if all(getattr(here, name) == value for name, value in fields.items()):
        fields["phases"] = 2
    after = scene.changed(**fields)
    arriving, mean = after.input_of("pooling"), after.output_of("pooling")
    largest = float(arriving.abs().max())
    if largest == 0:
        return
    left = float(mean.abs().max())
    cancels = left <= ROUNDING * largest
    reason = text(
        "The largest number before is {before}, the largest that is left {after}.",
        before=number(largest),
        after="0" if cancels else number(left),
    )
    yield Question(
        "mean",
        text(
            "Without a rectifier, what does a mean over {n} phases leave?",
            n=fields["phases"],
        ),
        OneOf(MEANS, 0 if cancels else 1, (reason, reason, reason)),
        text("Half a wave apart, two filters are each other's negative, and their sum is 0.")
        if cancels
        else text("A quarter of a wave apart, no filter is the negative of another."),
        {**fields, "stage": "pooling"},
    )


def _place(scene: Scene[Setting]) -> Iterator[Question]:
    """Where on the photo filters of another wavelength answer most."""
    wavelength = next(w for w in WAVELENGTHS_PX if w != scene.setting.wavelength_px)
    fields: dict[str, Any] = {**ANSWERS, "wavelength_px": wavelength}
    strength = scene.changed(**fields).output_of("pooling").mean(0)
    if min(strength.shape) < max(GRID):
        return
    cells = cell_means(strength)
    right = largest_cells(cells)
    if not 0 < len(right) < cells.numel():
        return
    bars = text("fine") if wavelength == min(WAVELENGTHS_PX) else text("wide")
    yield Question(
        "place",
        text(
            "The filters get {bars} bars, {px} px for a bright and a dark one. Where do they answer most?",
            bars=bars,
            px=number(wavelength),
        ),
        Where("photo", right, GRID, text("There they find fewer edges of that width.")),
        text(
            "In the strongest square they answer {most} on average, over the whole photo {mean}.",
            most=number(float(cells.max())),
            mean=number(float(strength.mean())),
        ),
        {**fields, "stage": "pooling"},
    )


def _field(scene: Scene[Setting]) -> Iterator[Question]:
    """Two 1×1 layers and a stride do not widen the field of the filters."""
    here = scene.setting
    s = next(n for n in (3, 4) if n != here.stride)
    fields: dict[str, Any] = {"bank": "gabor", "pointwise": True, "strided": True, "stride": s}
    right = receptive_field(scene.changed(**fields).built.network, tuple(scene.pixels.shape)).size[
        0
    ]
    wrong = {
        right + 2: text("A 3×3 would add two pixels; a 1×1 adds none."),
        right + s - 1: text("The stride moves the field from unit to unit; it does not widen it."),
        right * s: text("The stride moves the field from unit to unit; it does not widen it."),
    }
    yield Question(
        "field",
        text(
            "Filters of {px} × {px} px, a 1×1, and a 1×1 of stride {s}. How tall is the receptive field of one unit?",
            px=here.size_px,
            s=s,
        ),
        one_of(right, wrong, lambda size: f"{size} px"),
        text(
            "Only the filters look beyond one position: the field stays at {right} px.", right=right
        ),
        {**fields, "stage": "strided"},
    )


def _weights(scene: Scene[Setting]) -> Iterator[Question]:
    outputs = next(n for n in OUTPUTS if n != scene.setting.pointwise_outputs)
    fields: dict[str, Any] = {
        "pointwise": True,
        "pointwise_recipe": "random",
        "pointwise_outputs": outputs,
        "pointwise_edits": (),
    }
    matrix = scene.changed(**fields).mixing("pointwise").matrix
    yield Question(
        "weights",
        text(
            "A 1×1 makes {outputs} maps of the {inputs} that reach it. How many weights has it?",
            outputs=matrix.shape[0],
            inputs=matrix.shape[1],
        ),
        Number(
            matrix.numel(),
            text("weights"),
            text("{said} is not rows times columns. The size of the picture does not matter."),
        ),
        text(
            "{outputs} rows of {inputs} weights: {right}.",
            outputs=matrix.shape[0],
            inputs=matrix.shape[1],
            right=matrix.numel(),
        ),
        {**fields, "stage": "pointwise"},
    )
