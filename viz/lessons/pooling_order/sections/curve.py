"""The largest difference between the two orders from average to max."""

from __future__ import annotations

from collections.abc import Sequence

from viz.figures.curves import curves
from viz.lessons.blocks import Block, Chart, Columns, Prose
from viz.lessons.lesson import Scene, Section
from viz.lessons.pooling_order.drift import largest_differences
from viz.lessons.pooling_order.pools import AVERAGE, BETAS, MAX, WORDS
from viz.lessons.pooling_order.setting import Setting
from viz.numbers import number
from viz.text import Text, text

WRITTEN = {AVERAGE: "average", **{BETAS.index(n): f"{n}" for n in (1, 10, 100)}, MAX: "max"}


def show(scene: Scene[Setting]) -> list[Block]:
    """The curve, and the number at the present β."""
    setting = scene.setting
    maps, matrix = scene.input_of("orders"), scene.mixing("orders").matrix
    found = largest_differences(maps, matrix, setting).tolist()
    line = {
        "x": list(range(len(found))),
        "lines": {text("largest difference"): found},
        "x_title": text("β of the pool (logarithmic scale)"),
        "y_title": text("largest difference"),
        "thick": (text("largest difference"),),
        "at": float(setting.beta),
        "x_ticks": list(WRITTEN),
        "x_labels": [text(word) for word in WRITTEN.values()],
    }
    alt = text(
        "Largest difference between the two orders: {average} for the average, {max} for the max",
        average=number(found[AVERAGE]),
        max=number(found[MAX]),
    )
    chart = Chart("drift", curves, line, alt)
    return [Columns([[chart], [Prose(_now(found, setting))]], widths=(3, 2), align="center")]


def _now(found: Sequence[float], setting: Setting) -> Text:
    return text(
        "Now: **{pool}**. The two orders differ by up to **{now}**; with the average by {average}, with "
        "the max by {max}.",
        pool=text(WORDS[setting.beta]),
        now=number(found[setting.beta]),
        average=number(found[AVERAGE]),
        max=number(found[MAX]),
    )


SECTION = Section(show)
