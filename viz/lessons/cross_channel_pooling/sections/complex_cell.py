"""Pooling over phases, as a complex cell does: the remaining effect of a grating's phase."""

from __future__ import annotations

from torch import Tensor

from viz.figures.curves import curves
from viz.lessons.bank_of_50 import BANK_CHANNELS, OF_AN_ORIENTATION, PHASES
from viz.lessons.blocks import Block, Chart, Columns, Panel, Panels, Prose, Table, Words
from viz.lessons.cross_channel_pooling.complex_cell import (
    MIDDLE,
    PHASES_OF_MIDDLE,
    WAYS,
    over_orientations,
    over_phases,
    phases_swept,
)
from viz.lessons.cross_channel_pooling.sections.looked_at import bank_maps
from viz.lessons.cross_channel_pooling.setting import Setting
from viz.lessons.lesson import Scene, Section
from viz.lessons.opening import Suggestion
from viz.lessons.stages import phase_channels
from viz.numbers import number
from viz.text import text
from viz.tuning import PhaseSweep


def show(scene: Scene[Setting]) -> list[Block]:
    """A sweep of a grating's phase, its modulation depth, and pooling on the picture."""
    sweep = phases_swept()
    rows: list[list[Words]] = [
        [text(WAYS[way]), number(depth)] for way, depth in sweep.modulation_depth.items()
    ]
    caption = text(
        "(max − min) / (max + min) over the phase. 0: the phase does not matter. 1: the response falls to zero."
    )
    beside: list[Block] = [Table(["", text("modulation depth")], rows), Prose(caption, "caption")]
    return [
        Columns([[_sweep(sweep)], beside], widths=(2, 1), align="center"),
        _pooled_both_ways(bank_maps(scene)),
    ]


def _sweep(sweep: PhaseSweep) -> Chart:
    lines = {
        "x": sweep.phases_degrees.tolist(),
        "lines": {text(WAYS[way]): each.tolist() for way, each in sweep.responses.items()},
        "x_title": text("phase of the grating, degrees"),
        "y_title": text("response, share of its largest"),
        "x_ticks": (0, 90, 180, 270, 360),
        "thick": (text(WAYS["energy"]),),
    }
    alt = text("Three ways of pooling over phases against the phase of a grating")
    return Chart("sweep", curves, lines, alt)


def _pooled_both_ways(maps: Tensor) -> Panels:
    """The phases of one orientation at the middle wavelength, and the results of both poolings."""
    phases, energy = maps[PHASES_OF_MIDDLE], over_phases(maps)[MIDDLE : MIDDLE + 1]
    names, waves = BANK_CHANNELS.names[PHASES_OF_MIDDLE], phase_channels(PHASES)
    panels = [
        Panel(text("One orientation, both phases"), phases, names, marks=waves.marks),
        Panel(text("Over the phases: mean of squares"), energy),
        Panel(
            text("Over the orientations, phase by phase"),
            over_orientations(maps)[PHASES_OF_MIDDLE],
            waves.names,
            marks=waves.marks,
        ),
    ]
    return Panels("phase_maps", panels, height_px=240)


SECTION = Section(
    show,
    opening={"group": PHASES},
    views=(
        Suggestion("Mean instead of max", {"kind": "mean"}),
        Suggestion("One map an orientation", {"group": OF_AN_ORIENTATION}),
    ),
)
