"""Pooling over the orientations too: edge strength, which forgets how an edge lies."""

from __future__ import annotations

import math
from collections.abc import Sequence

from torch import Tensor

from viz.figures.curves import curves
from viz.lessons.blocks import Block, Chart, Columns, Panel, Panels, Prose, Table, Words
from viz.lessons.lesson import Scene, Section
from viz.lessons.opening import Suggestion
from viz.lessons.orientation.sections.looked_at import shown_orientation
from viz.lessons.orientation.setting import Setting
from viz.lessons.orientation.tuned import UNITS, Ripple, ripples, tuned
from viz.lessons.stages import orientation_channels
from viz.text import Text, text
from viz.tuning import TuningCurve

NAMES = {
    "simple": text("simple cell"),
    "complex": text("complex cell"),
    "edges": text("edge strength"),
}


def show(scene: Scene[Setting]) -> list[Block]:
    """The curves of three units and their numbers, the maps, and how many orientations it takes."""
    setting, at = scene.setting, shown_orientation(scene)
    found = tuned(setting.gabor, setting.rectifier, at)
    every = ripples(setting.gabor, setting.rectifier)
    return [
        Prose(_in_words(found, setting.orientations), "heading"),
        Columns([[_curves(found)], [_table(found)]], widths=(3, 2), align="center"),
        _maps(scene, at),
        Prose(_of_ripple(every, setting.orientations)),
        _ripples(every, setting.orientations),
    ]


def _in_words(found: TuningCurve, orientations: int) -> Text:
    return text(
        "Selectivity for orientation: complex cell **{complex}**, pooled over all {n} orientations **{edges}**.",
        complex=_plain(float(found.selectivity[UNITS.index("complex")])),
        edges=_plain(float(found.selectivity[UNITS.index("edges")])),
        n=orientations,
    )


def _curves(found: TuningCurve) -> Chart:
    shares = {name: _share(each) for name, each in zip(UNITS, found.response, strict=True)}
    arguments = {
        "x": [*found.orientations_degrees.tolist(), 180.0],
        "lines": {NAMES[name]: [*line, line[0]] for name, line in shares.items()},
        "x_title": text("orientation of the bars, degrees"),
        "y_title": text("response, share of its largest"),
        "x_ticks": (0, 45, 90, 135, 180),
        "thick": (NAMES["edges"],),
    }
    alt = text(
        "Responses against the orientation of the bars: simple and complex cell have one peak, edge strength is nearly level"
    )
    return Chart("tuned", curves, arguments, alt)


def _share(response: Tensor) -> list[float]:
    most = float(response.max())
    shares: list[float] = (response / most if most > 0 else response).tolist()
    return shares


def _table(found: TuningCurve) -> Table:
    head = [text("unit"), text("half-width"), text("selectivity")]
    rows: list[list[Words]] = [
        [NAMES[name], _degrees(float(width)), _plain(float(selectivity))]
        for name, width, selectivity in zip(
            UNITS, found.half_width_degrees, found.selectivity, strict=True
        )
    ]
    return Table(head, rows)


def _degrees(value: float) -> str:
    """A dash for a curve that never falls to half."""
    return "–" if math.isnan(value) else f"{value:.1f}°"


def _plain(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.3f}"


def _of_ripple(every: Sequence[Ripple], orientations: int) -> Text:
    """What ripple is, and that of the bank."""
    depth = next(each.depth for each in every if each.orientations == orientations)
    return text(
        "While the bars turn, edge strength **ripples**: (max − min) / (max + min) is **{depth}** with the {n} orientations of this bank "
        "(the dotted line). With fewer, bars between two of them are missed.",
        depth=_plain(depth),
        n=orientations,
    )


def _maps(scene: Scene[Setting], at: int) -> Panels:
    """Complex cells of two orientations and edge strength, on the picture."""
    setting = scene.setting
    pooled = scene.changed(pooling="phases", pooling_edits=()).output_of("pooling")
    crossed = (at + setting.orientations // 2) % setting.orientations
    names = orientation_channels(setting.orientations)
    panels = [Panel(text("Picture"), scene.pixels, kind="colour")]
    panels += [
        Panel(
            text("Complex cells, {angle}", angle=names.names[which]),
            pooled[which : which + 1],
            scale="complex",
        )
        for which in (at, crossed)
    ]
    edges = pooled.mean(0, keepdim=True)
    panels.append(Panel(text("Edge strength: mean of all {n}", n=setting.orientations), edges))
    return Panels("forgotten", panels, height_px=230, columns=4)


def _ripples(every: Sequence[Ripple], orientations: int) -> Chart:
    arguments = {
        "x": [each.orientations for each in every],
        "lines": {text("edge strength"): [each.depth for each in every]},
        "x_title": text("orientations in the bank"),
        "y_title": text("ripple of edge strength"),
        "x_ticks": tuple(each.orientations for each in every),
        "thick": (text("edge strength"),),
        "at": float(orientations),
    }
    alt = text(
        "How much edge strength still depends on the orientation, against the number of orientations in the bank"
    )
    return Chart("ripples", curves, arguments, alt)


SECTION = Section(
    show,
    opening={"pooling": "orientations", "orientations": 8},
    picture="zone_plate",
    views=(
        Suggestion("Two orientations are too few", {"orientations": 2}),
        Suggestion("Narrower filters", {"sigma_px": 8.0, "size_px": 49}),
        Suggestion("A photo", {"picture": "coffee"}),
    ),
)
