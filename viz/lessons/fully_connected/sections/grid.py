"""How many places the map of scores has, by the size of the input."""

from __future__ import annotations

import torch
from torch import Tensor

from viz.figures.curves import curves
from viz.figures.theme import FIELD
from viz.lessons.blocks import Block, Chart, Columns, Panel, Panels, Prose, Table, Words
from viz.lessons.fully_connected.published import Grid, grid
from viz.lessons.fully_connected.setting import CROP_PX, STRIDE_PX, Setting
from viz.lessons.fully_connected.stages import square
from viz.lessons.fully_connected.twin import Twin, twin
from viz.lessons.lesson import Scene, Section, always
from viz.lessons.opening import Suggestion
from viz.numbers import exact, number
from viz.text import Text, text
from viz.trace import cost

LARGEST_PX = 512
DOT_PX, LINE_PX, EDGE_PX = 5, 4, 2


def show(scene: Scene[Setting]) -> list[Block]:
    """The crops on the photo, the stairs of sizes, and what one pass saves."""
    side_px = scene.setting.grid_px
    found = grid(side_px)
    return [
        Prose(_heading(side_px, found), "heading"),
        Prose(_formula(side_px, found)),
        Columns(
            [[_crops(scene, found)], [_stairs(side_px), _table(side_px, found, twin(scene.built))]],
            widths=(2, 3),
        ),
    ]


def _heading(side_px: int, found: Grid) -> Text:
    return text(
        "**{side} × {side} px** give a map of **{n} × {n}** scores for each class",
        side=side_px,
        n=found.output,
    )


def _formula(side_px: int, found: Grid) -> Text:
    return text(
        "Five pools of stride 2 make maps of ⌊{side} / 32⌋ = **{trunk}**. A 7×7 kernel without padding has {trunk} − 7 + 1 = **{n}** places there.",
        side=side_px,
        trunk=found.trunk,
        n=found.output,
    )


def _crops(scene: Scene[Setting], found: Grid) -> Panels:
    side_px = scene.setting.grid_px
    pixels = marked(square(side_px)(scene.pixels), found.output)
    note = text(
        "{n} crops of 224×224 px, {s} px apart: a dot in the middle of each",
        n=found.output**2,
        s=32,
    )
    panel = Panel(
        text("The first crop, and where the others are"), pixels, kind="colour", note=note
    )
    return Panels("crops", [panel], height_px=380, columns=1)


def marked(pixels: Tensor, places: int) -> Tensor:
    """The picture with a frame around its first crop, and a dot in the middle of every crop."""
    pixels = pixels.clone()
    red_green_blue = list(bytes.fromhex(FIELD.removeprefix("#")))
    colour = torch.tensor(red_green_blue, device=pixels.device)[:, None, None] / 255
    for edge, fill in ((EDGE_PX + LINE_PX, 0 * colour), (LINE_PX, colour)):
        for side in (slice(0, edge), slice(CROP_PX - edge, CROP_PX)):
            pixels[:, side, :CROP_PX] = fill
            pixels[:, :CROP_PX, side] = fill
    for size, fill in ((DOT_PX + 2 * EDGE_PX, 0 * colour), (DOT_PX, 1 + 0 * colour)):
        first = (CROP_PX - size) // 2
        for row in range(places):
            for column in range(places):
                top, left = first + STRIDE_PX * row, first + STRIDE_PX * column
                pixels[:, top : top + size, left : left + size] = fill
    return pixels


def _stairs(side_px: int) -> Chart:
    sides = [
        each
        for step in range(CROP_PX, LARGEST_PX, STRIDE_PX)
        for each in (step, step + STRIDE_PX - 1)
    ]
    sides.append(LARGEST_PX)
    outputs = [grid(each).output for each in sides]
    arguments = {
        "x": sides,
        "lines": {"VGG-16": outputs},
        "x_title": text("side of the input (px)"),
        "y_title": text("side of the map of scores"),
        "thick": ("VGG-16",),
        "at": side_px,
        "x_ticks": (224, 288, 352, 416, 480),
    }
    alt = text(
        "Side of the map of scores by the side of the input: a step up every 32 px, from 1 at 224 to {most} at {largest}",
        most=outputs[-1],
        largest=LARGEST_PX,
    )
    return Chart("stairs", curves, arguments, alt)


def _table(side_px: int, found: Grid, both: Twin) -> Table:
    crop = cost(torch.nn.Sequential(*both.trunk, *both.connected), (3, CROP_PX, CROP_PX)).macs
    whole = cost(torch.nn.Sequential(*both.trunk, *both.convolved), (3, side_px, side_px)).macs
    head = ["Network", "MACs, one pass", "MACs, crop by crop", "Ratio"]
    pairs: dict[Words, tuple[int, int]] = {
        "VGG-16": (found.in_one_pass, found.crop_by_crop),
        text("The network above"): (whole, found.output**2 * crop),
    }
    rows: list[list[Words]] = [
        [name, exact(one), exact(many), number(many / one)] for name, (one, many) in pairs.items()
    ]
    return Table([text(name) for name in head], rows)


SECTION = Section(
    show,
    always("grid_px"),
    views=(
        Suggestion("224 px: one place", {"grid_px": 224}),
        Suggestion("255 px: still one", {"grid_px": 255}),
        Suggestion("512 px", {"grid_px": 512}),
    ),
)
