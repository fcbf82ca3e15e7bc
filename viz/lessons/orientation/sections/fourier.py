"""What the bank covers in the Fourier plane, and one filter in it."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from viz.figures.fourier_plane import fourier_plane
from viz.layers.gabor import gabor_bank
from viz.lessons.blocks import Block, Chart, Columns, Metrics, Panel, Panels, Prose
from viz.lessons.lesson import Scene, Section
from viz.lessons.opening import Suggestion
from viz.lessons.orientation.sections.looked_at import shown_orientation
from viz.lessons.orientation.setting import Setting
from viz.lessons.orientation.spectrum import SIDE, around, octaves, outline, power, reach
from viz.numbers import number
from viz.text import Text, text
from viz.tuning import gabor_half_width_degrees

EVERY_DEGREES = 3  # along the circle
READ = text(
    "Colour is measured, from the Fourier transform of the kernels; each ellipse is the formula, where the power of one filter has fallen to a half. A filter has two "
    "ellipses because it is real: a wave to the right is also one to the left. Waves go *across* their bars, so upright bars lie on the horizontal axis. "
    "Half-width and bandwidth say where the response has fallen to a half; an octave is a factor of two in wavelength."
)


def show(scene: Scene[Setting]) -> list[Block]:
    """The plane of the whole bank, then one filter and its part of it."""
    gabor, at = scene.setting.gabor, shown_orientation(scene)
    kernels = gabor_bank(**gabor._asdict())
    far = reach(gabor)
    places = torch.linspace(-far, far, SIDE)
    ring = around(kernels, gabor.wavelength_px, torch.arange(0, 180, EVERY_DEGREES))
    own = kernels[gabor.phases * at][None]
    one = [
        Panel(text("One filter, bars at {n}°", n=_degrees(scene, at)), own, kind="weight"),
        Panel(text("Its power in the plane"), power(own, places, places.flip(0))[None]),
    ]
    figures = Metrics(
        [
            (text("Half-width, orientation"), _angle(scene.setting)),
            (text("Bandwidth, octaves"), _or_dash(octaves(gabor))),
        ]
    )
    beside: list[Block] = [Panels("one_filter", one, height_px=150, columns=1), figures]
    plane = _plane(scene.setting, power(kernels, places, places), far)
    return [
        Prose(_in_words(ring), "heading"),
        Columns([[plane], beside], widths=(3, 2), align="center"),
        Prose(READ, "caption"),
    ]


def _degrees(scene: Scene[Setting], at: int) -> str:
    return f"{180 * at / scene.setting.orientations:g}"


def _plane(setting: Setting, measured: Tensor, far: float) -> Chart:
    gabor = setting.gabor
    outlines = [outline(gabor, at, sign) for sign in (1, -1) for at in range(gabor.orientations)]
    arguments = {
        "power": measured,
        "reach": far,
        "degrees": [each.degrees for each in outlines],
        "right": torch.stack([each.right for each in outlines]),
        "up": torch.stack([each.up for each in outlines]),
        "ring": 1 / gabor.wavelength_px,
        "ring_name": text("waves of {n} px", n=f"{gabor.wavelength_px:g}"),
        "x_title": text("frequency to the right, cycles per px"),
        "y_title": text("frequency upwards, cycles per px"),
        "bar_title": text("power, share of the largest"),
    }
    alt = text(
        "The Fourier plane: {n} pairs of ellipses around the middle, on the circle of {px} px",
        n=gabor.orientations,
        px=f"{gabor.wavelength_px:g}",
    )
    return Chart("fourier_plane", fourier_plane, arguments, alt)


def _in_words(ring: Tensor) -> Text:
    least = float(ring.min() / ring.max())
    if least < 0.005:
        return text("Between two filters there are bars that **none of them** sees.")
    return text(
        "Bars that lie between two filters still get **{percent} %** of the power of those that lie along one.",
        percent=number(100 * least, 2),
    )


def _angle(setting: Setting) -> str:
    width = gabor_half_width_degrees(
        wavelength_px=setting.wavelength_px, sigma_px=setting.sigma_px, aspect=setting.aspect
    )
    return "–" if math.isnan(width) else f"{width:.1f}°"


def _or_dash(value: float) -> str:
    return "–" if math.isnan(value) else number(value)


SECTION = Section(
    show,
    opening={"orientations": 8},
    views=(
        Suggestion("Four orientations", {"orientations": 4}),
        Suggestion("Long filters", {"aspect": 2.5}),
        Suggestion("A wider envelope", {"sigma_px": 8.0, "size_px": 41}),
    ),
)
