"""The largest difference between the two orders from average to max."""

from __future__ import annotations

from viz.figures.curves import curves
from viz.lessons.blocks import Block, Chart, Columns, Prose
from viz.lessons.lesson import Long, Scene, Section
from viz.lessons.pooling_order.drift import Drift, drift
from viz.lessons.pooling_order.pools import AVERAGE, BETAS, MAX, WORDS
from viz.lessons.pooling_order.setting import Setting
from viz.numbers import number
from viz.text import text

WRITTEN = {AVERAGE: "average", **{BETAS.index(n): f"{n}" for n in (10, 100)}, MAX: "max"}


def show(scene: Scene[Setting]) -> Long:
    """The curve, and the number at the present β; in steps, so that sliders need not wait for it."""
    setting = scene.setting
    matrix, measured = scene.mixing("orders").matrix, scene.measuring("orders")
    found = yield from drift(measured, matrix, setting, tuple(scene.pixels.shape))
    lines = {
        "x": list(range(len(BETAS))),
        "lines": {text("largest"): found.largest, text("mean"): found.mean},
        "x_title": text("β of the pool (logarithmic scale)"),
        "y_title": text("difference of the two orders"),
        "thick": (text("largest"),),
        "at": float(setting.beta),
        "x_ticks": list(WRITTEN),
        "x_labels": [text(word) for word in WRITTEN.values()],
    }
    alt = text(
        "Largest difference between the two orders: {average} for the average, {max} for the max",
        average=number(found.largest[AVERAGE]),
        max=number(found.largest[MAX]),
    )
    return [Columns([[Chart("drift", curves, lines, alt)], _now(found, setting)], (3, 2), "center")]


def _now(found: Drift, setting: Setting) -> list[Block]:
    named = {AVERAGE: text("average pool"), MAX: text("max pool")}
    now = text(
        "The two orders differ by up to {now} ({pool})",
        pool=named.get(setting.beta, text(WORDS[setting.beta])),
        now=number(found.largest[setting.beta]),
    )
    ends = text(
        "On average over all pixels {mean}. With the average pool the largest difference is {average}, with the max pool {max}.",
        mean=number(found.mean[setting.beta]),
        average=number(found.largest[AVERAGE]),
        max=number(found.largest[MAX]),
    )
    return [Prose(now, "heading"), Prose(ends)]


SECTION = Section(show)
