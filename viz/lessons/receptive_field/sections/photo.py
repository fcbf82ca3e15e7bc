"""One unit's field on the photo: its box, its holes, what lies beyond, and how much each pixel counts."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import nn

from viz.lessons.blocks import Block, Panel, Panels, Prose
from viz.lessons.chain import upto_stage
from viz.lessons.effective_field import Effective, effective, side_holding
from viz.lessons.framing import FIELD, SECOND, Box, cut, framed
from viz.lessons.lesson import Long, Scene, Section, always
from viz.lessons.opening import Suggestion
from viz.lessons.receptive_field.setting import ONE, Setting
from viz.numbers import exact, number
from viz.progress import Progress
from viz.reads import UnitReading, unit_mask
from viz.settings import Layer
from viz.text import Text, text

APART = 100  # seeds from one draw to the next: more than the slider has
UNREAD = 0.12
AROUND = 3  # sides of the box that are shown of the photo


def show(scene: Scene[Setting]) -> Long:
    """The box and its holes at once, the effective field after each draw."""
    stage, shape = scene.in_view, scene.pixels.shape
    unit = scene.place_in(stage)
    network = upto_stage(stage, scene.built.network)
    reading = unit_mask(network, (shape[0], shape[1], shape[2]), unit)
    found = None
    draws = scene.setting.draws
    for found in effective(lambda draw: _drawn(scene, stage, draw), scene.pixels, unit, draws):
        sentence = text("{n} of {all} random draws", n=found.draws, all=draws)
        yield Progress(found.draws / draws, sentence, _blocks(scene, stage, unit, reading, found))
    assert found is not None
    return _blocks(scene, stage, unit, reading, found)


@torch.inference_mode(False)
def _drawn(scene: Scene[Setting], stage: str, draw: int) -> nn.Sequential:
    """The layers up to a stage with other weights; the first draw has those on screen."""
    setting = replace(scene.setting, seed=scene.setting.seed + APART * draw)
    pixels = torch.zeros(scene.pixels.shape)  # only their size matters
    return upto_stage(stage, scene.lesson.build(setting, pixels).network)


def _blocks(
    scene: Scene[Setting],
    stage: str,
    unit: tuple[int, int],
    reading: UnitReading,
    found: Effective,
) -> list[Block]:
    side = len(reading.mask)
    box = Box(reading.top, reading.left, reading.top + side, reading.left + side)
    held = side_holding(found.energy)
    panels = [
        _photo(scene, box, held),
        _support(scene, box, reading),
        Panel(
            text("How much each pixel counts"),
            found.energy.sqrt().float()[None],
            note=text(
                "root mean square gradient, {n} draws: 95 % of the squared gradient in {side} × {side} px",
                n=found.draws,
                side=held,
            ),
        ),
    ]
    return [
        Prose(_in_words(stage, unit, box, held)),
        Panels("field_on_the_photo", panels, height_px=380, columns=3),
    ]


def _photo(scene: Scene[Setting], box: Box, held: int) -> Panel:
    _, height, width = scene.pixels.shape
    inside = box.shared(Box(0, 0, height, width))
    area = (box.bottom - box.top) * (box.right - box.left)
    seen = (inside.bottom - inside.top) * (inside.right - inside.left) if inside else 0
    note = text("orange: the box; blue: 95 % of what counts")
    if seen < area:
        note = text(
            "orange: the box, of which {percent} % lies beyond the border (striped); blue: 95 % of what counts",
            percent=number(100 * (1 - seen / area)),
        )
    side = box.bottom - box.top
    around = box.inner(max(side, min(AROUND * side, max(height, width))))
    shown = framed(scene.pixels, [(box, FIELD), (box.inner(held), SECOND)], [box], around)
    return Panel(text("The box on the photo"), shown, kind="colour", note=note)


def _support(scene: Scene[Setting], box: Box, reading: UnitReading) -> Panel:
    shown = cut(scene.pixels, box)
    _, height, width = scene.pixels.shape
    rows = torch.arange(box.top, box.bottom)[:, None]
    columns = torch.arange(box.left, box.right)
    inside = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
    shown[:, inside & ~reading.mask] = UNREAD
    note = text(
        "{read} of {all} pixels in the box are read: {percent} %",
        read=exact(reading.read),
        all=exact(reading.inside),
        percent=number(100 * reading.read / max(1, reading.inside)),
    )
    return Panel(text("Inside the box: read, and holes (dark)"), shown, kind="colour", note=note)


def _in_words(stage: str, unit: tuple[int, int], box: Box, held: int) -> Text:
    side = box.bottom - box.top
    said = {"row": unit[0], "column": unit[1], "layer": stage.removeprefix("layer"), "side": side}
    if held == side:
        return text(
            "The unit in row {row}, column {column} of layer {layer} has a field of **{side} × {side} px**, and no smaller square around its "
            "middle holds 95 % of its squared gradient. Click another unit above.",
            **said,
        )
    return text(
        "The unit in row {row}, column {column} of layer {layer} has a field of **{side} × {side} px**. But **95 %** of its squared gradient "
        "lies in the middle **{held} × {held} px**, {percent} % of the box's area. Click another unit above.",
        held=held,
        percent=number(100 * (held / side) ** 2),
        **said,
    )


HOLES = (Layer("c", 3, dilation=2), ONE) * 8
DENSE = (Layer("c", 3), ONE) * 8
GRIDDED = (Layer("c", 1, 2), Layer("c", 3, 2, 1, 1), Layer("c", 1, 2), Layer("c", 3, 1, 1, 1))
SECTION = Section(
    show,
    always("draws"),
    opening={"layers": HOLES},
    views=(
        Suggestion("No dilation", {"layers": DENSE}),
        Suggestion("1×1 of stride 2", {"layers": GRIDDED}),
        Suggestion("VGG-16", {"network": "vgg_16"}),
    ),
)
