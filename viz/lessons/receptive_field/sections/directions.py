"""Field and projective field: one relation in two directions, for two units or pixels at once."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from viz.figures.field_cone import field_cone
from viz.lessons.blocks import Block, Chart, Columns, Panel, Panels, Prose
from viz.lessons.chain import upto_stage
from viz.lessons.framing import FIELD, SECOND, Box, framed
from viz.lessons.lesson import Scene, Section, always
from viz.lessons.opening import Suggestion
from viz.lessons.receptive_field.directions import Reach, reached, seen
from viz.lessons.receptive_field.setting import ONE, Setting
from viz.numbers import number
from viz.reads import unit_mask
from viz.settings import Layer
from viz.text import Text, text

Place = tuple[int, int]


def show(scene: Scene[Setting]) -> list[Block]:
    """Both cones, and both ends of them on the photo or on the map."""
    stage, (_, height, width) = scene.in_view, scene.pixels.shape
    shape, network = (3, height, width), scene.built.network
    unit = scene.place_in(stage)
    if scene.setting.direction == "seen":
        extent = seen(network, shape, stage, unit)[-1].extent
        both = unit, (unit[0], min(unit[1] + scene.setting.apart, extent[1] - 1))
        cones = [seen(network, shape, stage, each) for each in both]
        return _shown(cones, scene, _boxes_in_words(cones, both), _photo(scene, cones))
    exact = _has_no_holes(scene, stage, unit)
    pixel = _middle(seen(network, shape, stage, unit)[0], (height, width))
    both = pixel, (pixel[0], min(pixel[1] + scene.setting.apart, width - 1))
    cones = [reached(network, shape, stage, each) for each in both]
    return _shown(cones, scene, _units_in_words(cones, both, stage, exact), _map(cones))


def _middle(reach: Reach, extent: Place) -> Place:
    """The pixel in the middle of what a unit sees, inside the picture."""
    row, column = (
        min(length - 1, max(0, (along.start + along.stop - 1) // 2))
        for along, length in zip((reach.rows, reach.columns), extent, strict=True)
    )
    return row, column


def _shown(
    cones: Sequence[Sequence[Reach]], scene: Scene[Setting], said: Text, panel: Panel
) -> list[Block]:
    panels = Panels("both_ends", [panel], height_px=300, columns=1)
    counted = text(
        "The number at a bar counts the columns of that map that belong to A. A bar reaches half a stride beyond the middles of the fields."
    )
    return [
        Prose(said),
        Columns([[_cone(cones, scene)], [panels, Prose(counted, "caption")]], widths=(5, 4)),
    ]


def _cone(cones: Sequence[Sequence[Reach]], scene: Scene[Setting]) -> Chart:
    first, second = cones
    names = [text("photo"), *(_called(each.name, scene) for each in first[1:])]
    together = first == second
    seen_from = scene.setting.direction == "seen"
    called = (text("unit A"), text("unit B")) if seen_from else (text("pixel A"), text("pixel B"))
    bars = {called[0]: [_bar(each) for each in first]}
    if not together:
        bars[called[1]] = [_bar(each) for each in second]
    arguments = {
        "names": names,
        "bars": bars,
        "length": scene.pixels.shape[-1],
        "x_title": text("column of the photo, px"),
        "border": text("border of the photo"),
    }
    alt = text(
        "Columns of {n} maps that belong to both: {first} in the photo, {last} in the last map",
        n=len(first),
        first=len(first[0].columns),
        last=len(first[-1].columns),
    )
    return Chart("field_cone", field_cone, arguments, alt)


def _called(stage: str, scene: Scene[Setting]) -> Text:
    layer = scene.setting.layers[int(stage.removeprefix("layer")) - 1]
    words = {"c": "{at}: {n}×{n}", "d": "{at}: {n}×{n}", "m": "{at}: max {n}×{n}"}
    return text(
        words.get(layer.kind, "{at}: mean {n}×{n}"),
        at=stage.removeprefix("layer"),
        n=layer.kernel,
    )


def _bar(reach: Reach) -> tuple[float, float, str]:
    if not reach.columns:
        return (reach.place[0], reach.place[0], "0")
    return (*reach.place, str(len(reach.columns)))


def _box(reach: Reach) -> Box:
    return Box(reach.rows.start, reach.columns.start, reach.rows.stop, reach.columns.stop)


def _photo(scene: Scene[Setting], cones: Sequence[Sequence[Reach]]) -> Panel:
    one, other = (_box(cone[0]) for cone in cones)
    shown = framed(scene.pixels, [(one, FIELD), (other, SECOND)], [one, other])
    return Panel(text("What both units see"), shown, kind="colour", note=_shared(one, other))


def _shared(one: Box, other: Box) -> Text:
    shared = one.shared(other)
    if shared is None:
        return text("orange: A, blue: B; no pixel is in both boxes")
    side = one.bottom - one.top
    area = (shared.bottom - shared.top) * (shared.right - shared.left)
    return text(
        "orange: A, blue: B; {percent} % of each box is in both",
        percent=number(100 * area / (side * (one.right - one.left))),
    )


def _map(cones: Sequence[Sequence[Reach]]) -> Panel:
    """The units of the last map that both pixels reach."""
    height, width = cones[0][-1].extent
    labels = torch.zeros(height, width)
    for value, cone in zip((1, 2), cones, strict=True):
        rows, columns = cone[-1].rows, cone[-1].columns
        labels[rows.start : rows.stop, columns.start : columns.stop] += value
    classes = [text("neither"), text("only A"), text("only B"), text("both")]
    units = [len(cone[-1].rows) * len(cone[-1].columns) for cone in cones]
    note = text(
        "units reached: {a} by A, {b} by B, {both} by both",
        a=units[0],
        b=units[1],
        both=int((labels == 3).sum()),
    )
    title = text("Whom both pixels reach in the last map")
    return Panel(title, labels[None], kind="class", classes=classes, note=note)


def _boxes_in_words(cones: Sequence[Sequence[Reach]], both: tuple[Place, Place]) -> Text:
    one, other = (cone[0] for cone in cones)
    units, px = both[1][1] - both[0][1], other.columns.start - one.columns.start
    if not units:
        return text(
            "Unit A sees columns {first} to {last} of the photo. Move **From A to B** to compare it with a neighbour.",
            first=one.columns.start,
            last=one.columns.stop - 1,
        )
    return text(
        "Backwards from a unit to the photo: A sees columns {first} to {last}. B is **{units}** to the right and sees the same area **{px} px** further on: "
        "neighbours differ by the effective stride, {stride} px. They share {shared} of {all} columns.",
        first=one.columns.start,
        last=one.columns.stop - 1,
        units=text("{n} unit", n=units) if units == 1 else text("{n} units", n=units),
        px=px,
        stride=px // units,
        shared=max(0, one.columns.stop - other.columns.start),
        all=len(one.columns),
    )


def _has_no_holes(scene: Scene[Setting], stage: str, unit: Place) -> bool:
    """Whether a unit reads all of its box: then boxes tell exactly who sees whom."""
    _, height, width = scene.pixels.shape
    found = unit_mask(upto_stage(stage, scene.built.network), (3, height, width), unit)
    return found.read == found.inside


def _units_in_words(
    cones: Sequence[Sequence[Reach]], both: tuple[Place, Place], stage: str, exact: bool
) -> Text:
    last = cones[0][-1]
    if not last.rows:
        return text(
            "Forwards from a pixel: the one in row {row}, column {column} reaches **no unit** of layer {layer}: it lies between their fields.",
            row=both[0][0],
            column=both[0][1],
            layer=stage.removeprefix("layer"),
        )
    return text(
        "Forwards from a pixel: the one in row {row}, column {column} reaches **{rows} × {columns} units** of layer {layer}, rows {top} to {bottom} "
        "and columns {left} to {right}. {who}",
        row=both[0][0],
        column=both[0][1],
        rows=len(last.rows),
        columns=len(last.columns),
        layer=stage.removeprefix("layer"),
        top=last.rows.start,
        bottom=last.rows.stop - 1,
        left=last.columns.start,
        right=last.columns.stop - 1,
        who=text("Exactly these units see it.")
        if exact
        else text("It lies in the boxes of exactly these units, for some of them in a hole."),
    )


THREE = Layer("c", 3)
SECTION = Section(
    show,
    always("direction", "apart"),
    views=(
        Suggestion("Forwards", {"direction": "reached"}),
        Suggestion("No strides", {"layers": (THREE, ONE) * 4}),
        Suggestion("Four units apart", {"apart": 4}),
    ),
)
