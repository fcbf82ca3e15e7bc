"""From simple cells to complex ones: a drifting grating, three ways of pooling, and a negative."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from typing import cast

import torch
from torch import Tensor, nn

from viz.figures.curves import curves
from viz.lessons.blocks import Block, Chart, Columns, Panel, Panels, Prose, Table, Words
from viz.lessons.lesson import Scene, Section, always
from viz.lessons.orientation.canvas_unit import canvas_cell, canvas_polarity
from viz.lessons.orientation.cells import STEPS, UNITS, Cell, cell, drifted
from viz.lessons.orientation.polarity import Polarity, phases_on, polarity
from viz.lessons.orientation.sections.looked_at import shown_orientation
from viz.lessons.orientation.setting import Setting
from viz.networks.googlenet import googlenet
from viz.numbers import number
from viz.text import Text, text
from viz.tuning import gratings

CANVAS = "canvas"  # the unit that the canvas shows, beside `UNITS`
NAMES: Mapping[str, Text] = {
    CANVAS: text("**on the canvas now**"),
    "simple": text("one phase, ReLU: simple cell"),
    "two": text("max of 2 rectified phases"),
    "four": text("max of 4 rectified phases"),
    "rectified": text("1×1 over 4 rectified phases"),
    "energy": text("1×1 over 2 squared phases: complex cell"),
    "squared": text("one phase, squared"),
}
SHORT: Mapping[str, Text] = {
    "simple": text("simple cell"),
    "two": text("max of 2"),
    "four": text("max of 4"),
    "energy": text("complex cell"),
    CANVAS: text("on the canvas now"),
}
READ = text(
    "**Modulation depth**: (max − min) / (max + min) over the phase; at 0 the phase does not matter. **F1/F0**: the part that swings "
    "with the grating, divided by the mean. One squared phase has F1/F0 = 0 too, because it swings *twice* a cycle."
)


def show(scene: Scene[Setting]) -> list[Block]:
    """The drifting grating, then all ways of pooling, then the picture and its negative."""
    gabor, at = scene.setting.gabor, shown_orientation(scene)
    drifting = drifted(gabor, at)
    cells = {CANVAS: canvas_cell(scene, at), **{name: cell(name, drifting) for name in UNITS}}
    pictures = [phases_on(each, gabor, at) for each in (scene.pixels, 1 - scene.pixels)]
    seen = {name: polarity(name, *pictures) for name in UNITS}
    seen[CANVAS] = canvas_polarity(scene, at)
    sweep = _shown_grating(scene.setting, at, cells)
    sweep.append([_sweep(cells, scene.setting)])
    return [
        Prose(_in_words(cells), "heading"),
        Columns(sweep, widths=(2, 2, 5)),
        _table(cells, seen),
        Prose(READ, "caption"),
        _on_the_picture(scene, seen),
        Prose(_in_a_network(), "caption"),
    ]


def _in_words(cells: Mapping[str, Cell]) -> Text:
    return text(
        "Modulation depth: simple cell **{simple}**, complex cell **{complex}**, on the canvas now **{canvas}**.",
        simple=_rounded(cells["simple"].modulation_depth),
        complex=_rounded(cells["energy"].modulation_depth),
        canvas=_rounded(cells[CANVAS].modulation_depth),
    )


def _shown_grating(setting: Setting, at: int, cells: Mapping[str, Cell]) -> list[list[Block]]:
    """The grating of the slider, and the filter under it, and what both cells answer."""
    bars = gratings(
        torch.tensor([float(setting.grating_degrees)]),
        wavelength_px=setting.wavelength_px,
        orientation_degrees=180 * at / setting.orientations,
        size_px=setting.size_px,
    )
    kernel = setting.gabor.kernels()[at * setting.phases][None]
    place = round(setting.grating_degrees * STEPS / 360)
    simple, energy = (number(float(_share(cells[name])[place]), 2) for name in ("simple", "energy"))
    note = text("responses: simple {simple}, complex {complex}", simple=simple, complex=energy)
    grating = Panel(
        text("Grating, phase {n}°", n=setting.grating_degrees),
        (0.5 + bars / 2).expand(3, -1, -1),
        kind="colour",
        note=note,
    )
    title = text("The filter, phase {n}°", n=setting.first_phase_degrees)
    filtering = Panel(title, kernel, kind="weight")
    return [
        [Panels(key, [panel], height_px=180, columns=1)]
        for key, panel in (("grating", grating), ("filter", filtering))
    ]


def _share(of: Cell) -> Tensor:
    """The responses as shares of the largest; those of a silent unit are 0."""
    most = float(of.responses.max())
    return of.responses / most if most > 0 else of.responses


def _sweep(cells: Mapping[str, Cell], setting: Setting) -> Chart:
    lines = {name: _share(cells[key]).tolist() for key, name in SHORT.items()}
    arguments = {
        "x": [360 * step / STEPS for step in range(STEPS + 1)],
        "lines": {name: [*line, line[0]] for name, line in lines.items()},
        "x_title": text("phase of the grating, degrees"),
        "y_title": text("response, share of its largest"),
        "x_ticks": (0, 90, 180, 270, 360),
        "thick": (SHORT[CANVAS],),
        "at": float(setting.grating_degrees),
    }
    alt = text(
        "Responses against the phase of a grating: the simple cell swings from 0 to its largest, the complex cell hardly at all"
    )
    return Chart("drift", curves, arguments, alt)


def _table(cells: Mapping[str, Cell], seen: Mapping[str, Polarity]) -> Table:
    head = [
        text("unit"),
        text("modulation depth"),
        text("F1/F0"),
        text("picture and its negative: correlation"),
    ]
    rows: list[list[Words]] = [
        [
            NAMES[name],
            _rounded(of.modulation_depth),
            _rounded(of.f1_f0),
            _rounded(seen[name].correlation),
        ]
        for name, of in cells.items()
    ]
    return Table(head, rows)


def _rounded(value: float) -> str:
    """Three decimals; a dash for a unit without the number."""
    return "–" if math.isnan(value) else f"{value:.3f}".replace("-", "−")


def _on_the_picture(scene: Scene[Setting], seen: Mapping[str, Polarity]) -> Panels:
    """The picture, a simple and a complex cell at every pixel; below, the same of the negative."""
    rows = (
        (text("Picture"), scene.pixels, "maps"),
        (text("Its negative"), 1 - scene.pixels, "negative"),
    )
    panels = []
    for title, pixels, which in rows:
        panels.append(Panel(title, pixels, kind="colour"))
        for key, name in (("simple", text("Simple cells")), ("energy", text("Complex cells"))):
            panels.append(Panel(name, getattr(seen[key], which)[None], scale=key))
    return Panels("polarity", panels, height_px=300)


@cache
def _in_a_network() -> Text:
    """The second layer of GoogLeNet, and what was found in it."""
    with torch.device("meta"):
        layer = cast(nn.Conv2d, googlenet().get_submodule("conv2.0"))
    return text(
        "In a trained Inception network the second layer does this with a {size}×{size} over {n} maps: some of its channels add Gabor filters "
        "of one orientation and different phases (“complex Gabor”, Olah et al. 2020, *An Overview of Early Vision in InceptionV1*, Distill).",
        size=layer.kernel_size[0],
        n=layer.in_channels,
    )


SECTION = Section(show, always("grating_degrees"))
