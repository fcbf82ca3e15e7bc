"""The tuning curve of one filter: measured with gratings, over the curve of the formula."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from viz.figures.angle_convention import angle_convention
from viz.figures.polar_tuning import polar_tuning
from viz.lessons.blocks import Block, Chart, Columns, Prose, Table, Words
from viz.lessons.lesson import Scene, Section
from viz.lessons.opening import Suggestion
from viz.lessons.orientation.sections.looked_at import shown_orientation
from viz.lessons.orientation.setting import Setting
from viz.lessons.orientation.tuned import UNITS, tuned
from viz.text import Text, text
from viz.tuning import TuningCurve, gabor_half_width_degrees, gabor_response

SHOWN = ("simple", "complex")
POWERS = {"simple": 1, "complex": 2}  # of the Gabor's response
NAMES = {"simple": text("simple cell"), "complex": text("complex cell")}
MEASURED = {"simple": text("simple, measured"), "complex": text("complex, measured")}
CURVE_DEGREES = torch.arange(0, 180, 2.0)
EXAMPLE_DEGREES = 30  # of the bars in the picture of the convention
EVERY = 2  # of the measured orientations: more points would hide the curve
READ = text(
    "Lines: the formula. Points: measured. The outer circle is the largest response, the inner one a half. Faint lines: the complex cells of the other orientations. Bars turned by 180° are the same bars, so both halves agree. "
    "The half-width is how far the bars may be turned until the response has fallen to a half."
)

OFF = text(
    "**Here the points leave the lines.** The formula is for an envelope of half a wavelength or more, and for a kernel that holds all of it: a smaller one has lost a share of "
    "its mean and of its edges. {read}",
    read=READ,
)
AGREE_DEGREES = 1.0


def show(scene: Scene[Setting]) -> list[Block]:
    """The convention, the curve around the circle, and its numbers."""
    setting, at = scene.setting, shown_orientation(scene)
    found = tuned(setting.gabor, "square", at)
    beside: list[Block] = [_convention(), _table(setting, found)]
    return [
        Prose(_in_words(setting, found), "heading"),
        Columns([[_polar(setting, at, found)], beside], widths=(5, 4), align="center"),
        Prose(READ if _agree(setting, found) else OFF, "caption"),
    ]


def _of_formula(setting: Setting, at: int, power: int) -> Tensor:
    """The response to bars of `CURVE_DEGREES`, as a share of its largest."""
    return gabor_response(
        (CURVE_DEGREES - 180 * at / setting.orientations + 90) % 180 - 90,
        wavelength_px=setting.wavelength_px,
        sigma_px=setting.sigma_px,
        aspect=setting.aspect,
    ).pow(power)


def _polar(setting: Setting, at: int, found: TuningCurve) -> Chart:
    others = [each for each in range(setting.orientations) if each != at]
    step = 180 / setting.orientations
    measured = {MEASURED[name]: _shares(found, name) for name in SHOWN}
    arguments = {
        "degrees": CURVE_DEGREES.tolist(),
        "curves": {NAMES[name]: _of_formula(setting, at, POWERS[name]).tolist() for name in SHOWN},
        "measured_degrees": found.orientations_degrees[::EVERY].tolist(),
        "measured": measured,
        "others": {f"{step * each:g}°": _of_formula(setting, each, 2).tolist() for each in others},
        "preferred_degrees": step * at,
    }
    alt = text(
        "Response around the circle of orientations: two lobes along bars at {n}°, those of the complex cell narrower",
        n=f"{step * at:g}",
    )
    return Chart("polar_tuning", polar_tuning, arguments, alt)


def _shares(found: TuningCurve, name: str) -> list[float]:
    response = found.response[UNITS.index(name)]
    shares: list[float] = (response / response.max().clamp(min=1e-12))[::EVERY].tolist()
    return shares


def _convention() -> Chart:
    arguments = {
        "degrees": EXAMPLE_DEGREES,
        "named": f"{EXAMPLE_DEGREES}°",
        "normal": text("not the line across them"),
    }
    alt = text(
        "The orientation of bars is the angle of the line along them, here {n}°, counter-clockwise from horizontal",
        n=EXAMPLE_DEGREES,
    )
    return Chart("angle_convention", angle_convention, arguments, alt)


def _widths(setting: Setting, found: TuningCurve, name: str) -> tuple[float, float]:
    """The half-width as measured, and by the formula."""
    formula = gabor_half_width_degrees(
        wavelength_px=setting.wavelength_px,
        sigma_px=setting.sigma_px,
        aspect=setting.aspect,
        power=POWERS[name],
    )
    return float(found.half_width_degrees[UNITS.index(name)]), formula


def _agree(setting: Setting, found: TuningCurve) -> bool:
    """Whether the half-widths are those of the formula; not if one has none."""
    widths = (_widths(setting, found, name) for name in SHOWN)
    return all(abs(measured - formula) < AGREE_DEGREES for measured, formula in widths)


def _table(setting: Setting, found: TuningCurve) -> Table:
    rows: list[list[Words]] = []
    for name in SHOWN:
        measured, formula = _widths(setting, found, name)
        preferred = float(found.preferred_degrees[UNITS.index(name)])
        rows.append([NAMES[name], _degrees(preferred), _degrees(measured), _degrees(formula)])
    head = [text("cell"), text("preferred"), text("half-width"), text("by the formula")]
    return Table(head, rows)


def _degrees(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.1f}°"


def _in_words(setting: Setting, found: TuningCurve) -> Text:
    simple, complex_ = (_widths(setting, found, name)[0] for name in SHOWN)
    if math.isnan(simple):
        return text(
            "So short a filter hardly prefers any orientation: its response never falls to a half."
        )
    return text(
        "Turn the bars by **{simple}**, and the simple cell falls to a half; the complex cell already after **{complex}**.",
        simple=_degrees(simple),
        complex=_degrees(complex_),
    )


SECTION = Section(
    show,
    views=(
        Suggestion("Longer filters", {"aspect": 2.0, "size_px": 41}),
        Suggestion("A wider envelope", {"sigma_px": 8.0, "size_px": 49}),
        Suggestion("The kernel too small", {"size_px": 9}),
    ),
)
