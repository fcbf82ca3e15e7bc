"""The learned filters with a 1×1 on top, which makes maps of orientations of them."""

from __future__ import annotations

from torch import Tensor

from viz.figures.curves import curves
from viz.lessons.blocks import Block, Chart, Columns, Download, LessonLink, Panel, Panels, Prose
from viz.lessons.emergence.by_orientation import (
    ORIENTATIONS,
    ORIENTED,
    SWEPT,
    Gathered,
    gathered,
    tuned_to,
)
from viz.lessons.emergence.setting import Setting
from viz.lessons.learned_bank import OWN, Learned
from viz.lessons.opening import Suggestion
from viz.lessons.scene import Scene
from viz.lessons.section import Section
from viz.marks import oriented
from viz.numbers import number
from viz.text import Text, text
from viz.training.shipped_filters import FILE

NAMES = tuple(f"{each:g}°" for each in ORIENTATIONS)
SHOWN = 6  # filters of a row


def show(scene: Scene[Setting]) -> list[Block]:
    """The filters that each row gathers, its map of the photo, and its tuning."""
    bank = scene.built.network.get_submodule("bank")
    found = gathered(bank.get_parameter("learned.weight")[:, 0].cpu())
    luminance = bank.get_submodule("luminance").to(scene.pixels.device)(scene.pixels)
    maps = found.network.to(scene.pixels.device)(luminance).sqrt()
    return [
        Prose(_heading(found), "heading"),
        _filters(found),
        Columns([[_maps(maps)], [_tuning(found)]], widths=(1, 1), align="center"),
        Prose(_caption(), "caption"),
        *_to_the_lab(scene.setting),
    ]


def _heading(found: Gathered) -> Text:
    members = sum(len(found.members(row)) for row in range(len(NAMES)))
    if not members:
        return text(
            "**None** of {all} learned filters prefers one orientation: a 1×1 has nothing to gather",
            all=len(found.kernels),
        )
    return text(
        "**{members}** of {all} learned filters prefer one orientation; a 1×1 gathers them into **{rows}** maps, one for each",
        members=members,
        all=len(found.kernels),
        rows=len(NAMES),
    )


def _filters(found: Gathered) -> Panels:
    """The first filters of every row."""
    panels = []
    for row, name in enumerate(NAMES):
        members = found.members(row)
        title = text("Row {name}: {n} filters", name=name, n=len(members))
        shown = found.kernels[members[:SHOWN]] if members else found.kernels[:1] * 0
        names = [str(n + 1) for n in members[:SHOWN]] or [" "]
        panels.append(Panel(title, shown, names, kind="weight", scale="rows"))
    return Panels("gathered", panels, height_px=130, columns=len(panels), narrowest_px=150)


def _maps(maps: Tensor) -> Panels:
    panel = Panel(text("The 1×1 on the picture"), maps, NAMES, marks=oriented(ORIENTATIONS))
    return Panels("of_orientation", [panel], height_px=680)


def _tuning(found: Gathered) -> Chart:
    """What every row answers to gratings, as a share of its largest answer."""
    network = found.network.cpu()
    response = tuned_to(network).response.sqrt()
    shares = response / response.amax(1, keepdim=True).clamp(min=1e-9)
    lines = {
        "x": [*SWEPT, 180],
        "lines": {name: [*row, row[0]] for name, row in zip(NAMES, shares.tolist(), strict=True)},
        "x_title": text("orientation of the bars, degrees"),
        "y_title": text("answer of a row, share of its largest"),
        "x_ticks": [0, 45, 90, 135, 180],
    }
    alt = text("Answers of the four rows to gratings of every orientation")
    return Chart("row_tuning", curves, lines, alt)


def _caption() -> Text:
    return text(
        "Each filter’s response is squared, and a row of the 1×1 is the mean of these squares for the filters nearest to its orientation; "
        "maps and curves show its square root. Preferences are measured with gratings; a filter is gathered if its selectivity is {least} or more "
        "(0: all orientations alike, 1: only one).",
        least=number(ORIENTED),
    )


def _to_the_lab(setting: Setting) -> list[Block]:
    learned = Learned.of(setting)
    fields = {
        "bank": "learned",
        **learned._asdict(),
        "pooling": "none",
        "strided": False,
        "stage": "pointwise",
    }
    link = LessonLink(text("Open these filters in the Lab, with a 1×1 on top →"), "lab", fields)
    if learned.source == OWN:
        return [link]
    label = text("Save all learned filters, for the program")
    file = Download(label, FILE.name, "application/octet-stream", FILE.read_bytes)
    return [Columns([[link], [file]])]


SECTION = Section(
    show,
    opening={"filters": 64},
    views=(
        Suggestion("Principal components", {"method": "pca"}),
        Suggestion("From 1/f noise", {"source": "noise"}),
        Suggestion("From dead leaves", {"source": "leaves"}),
    ),
)
