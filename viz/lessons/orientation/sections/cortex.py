"""The numbers of the primary visual cortex beside those of the bank."""

from __future__ import annotations

import math

from viz.figures.curves import curves
from viz.lessons.blocks import Block, Chart, Prose, Table, Words
from viz.lessons.lesson import Scene, Section
from viz.lessons.opening import Suggestion
from viz.lessons.orientation.published import MEDIAN_HALF_WIDTH_DEGREES, V1, Published
from viz.lessons.orientation.sections.looked_at import shown_orientation
from viz.lessons.orientation.setting import Setting
from viz.lessons.orientation.tuned import UNITS, tuned
from viz.numbers import number
from viz.text import Text, text
from viz.tuning import TuningCurve, gabor_half_width_degrees

SHARES = tuple(n / 20 for n in range(4, 25))  # envelope / wavelength
BANK, MEDIAN = text("this bank"), text("macaque V1, median")


def show(scene: Scene[Setting]) -> list[Block]:
    """The widths against the envelope, then every number that the literature states."""
    setting = scene.setting
    found = tuned(setting.gabor, setting.rectifier, shown_orientation(scene))
    ours = _of_the_bank(found, setting)
    rows: list[list[Words]] = [
        [each.title, ours[each.measure], _found(each), each.source] for each in V1
    ]
    head = [text(name) for name in ("measure", "this bank, now", "in the cortex", "source")]
    return [
        Prose(_in_words(found), "heading"),
        _widths(setting),
        Table(head, rows, words=len(head)),
        Prose(_references(), "caption"),
    ]


def _found(each: Published) -> Text:
    return text("{animal}: {found}", animal=each.animal, found=each.found)


def _in_words(found: TuningCurve) -> Text:
    return text(
        "Half-width at half height: simple cells of this bank **{ours}**, macaque V1 about **{theirs}°**.",
        ours=_degrees(float(found.half_width_degrees[UNITS.index("simple")])),
        theirs=MEDIAN_HALF_WIDTH_DEGREES,
    )


def _of_the_bank(found: TuningCurve, setting: Setting) -> dict[str, Text]:
    """The bank's own numbers, by the measures of `V1`."""
    first, gap = setting.first_phase_degrees, 180 / setting.orientations
    phases = ", ".join(f"{first + 90 * each}°" for each in range(setting.phases))
    complexes = found.f1_f0[UNITS.index("complex")]
    return {
        "half_width": _both([_degrees(float(each)) for each in found.half_width_degrees]),
        "selectivity": _both([_two(float(each)) for each in found.selectivity]),
        "preferred": text("every {gap}°, all alike", gap=number(gap)),
        "f1_f0": _both([_two(float(each)) for each in found.f1_f0]),
        "complex_f1_f0": text("{ratio}", ratio=_two(float(complexes))),
        "complex_share": text("a choice: all maps after the 1×1"),
        "phases": text("{phases}", phases=phases),
        "shape": text("a Gabor function by design"),
    }


def _both(units: list[str]) -> Text:
    simple, complex_cell, _ = units
    return text("simple {simple}, complex {complex}", simple=simple, complex=complex_cell)


def _degrees(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.1f}°"


def _two(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.2f}"


def _widths(setting: Setting) -> Chart:
    """The half-width in closed form, for every envelope that has one."""
    own = setting.sigma_px / setting.wavelength_px
    widths = {
        share: gabor_half_width_degrees(wavelength_px=1.0, sigma_px=share, aspect=setting.aspect)
        for share in SHARES
    }
    known = {share: width for share, width in widths.items() if not math.isnan(width)}
    arguments = {
        "x": list(known),
        "lines": {BANK: list(known.values()), MEDIAN: [MEDIAN_HALF_WIDTH_DEGREES] * len(known)},
        "x_title": text("envelope / wavelength"),
        "y_title": text("half-width, degrees"),
        "thick": (BANK,),
        "at": own if SHARES[0] <= own <= SHARES[-1] else None,
    }
    alt = text(
        "Half-width of a Gabor filter against its envelope in wavelengths, and the median in macaque V1"
    )
    return Chart("widths", curves, arguments, alt)


def _references() -> Text:
    """Where each source is found; every number stands in its abstract."""
    places = {each.source: each.reference for each in V1}
    return text(
        "Each entry stands in the abstract of its source: {sources}.",
        sources="; ".join(f"{source}, *{place}*" for source, place in places.items()),
    )


SECTION = Section(
    show,
    views=(
        Suggestion("A wider envelope", {"sigma_px": 6.0, "size_px": 37}),
        Suggestion("Longer filters", {"aspect": 2.0}),
        Suggestion("A single bar", {"sigma_px": 2.0}),
    ),
)
