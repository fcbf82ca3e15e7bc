"""The box of a unit of the open layer on the photo, and how much each pixel of it counts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from torch import Tensor

from viz.figures.curves import curves
from viz.lessons.blocks import Block, Chart, Panel, Panels, Prose
from viz.lessons.framing import FIELD, SECOND, framed
from viz.lessons.opening import Suggestion
from viz.lessons.scene import Scene
from viz.lessons.section import Long, Section, always
from viz.lessons.trained.effective import Seen, seen
from viz.lessons.trained.pieces import Piece
from viz.lessons.trained.running import Slices, followed
from viz.lessons.trained.setting import Setting
from viz.lessons.trained.subject import Subject, no_network, subject
from viz.progress import Progress
from viz.text import Text, text

AROUND = 1.5  # sides of the box that are shown of the photo
ON_THE_WAY = 3  # draws for each block of the curve
OF_UNIT = 0.4  # of the progress
MOST_TICKS = 8  # with names, on a phone


def show(scene: Scene[Setting]) -> Long:
    """The box and what counts in it after each draw; then both from block to block."""
    of = subject(scene)
    if of is None:
        return no_network()
    if of.piece.steps[-1].maps.flat:
        return [
            Prose(text("A unit of this layer sees the whole picture. Open another layer above."))
        ]
    x = of.seen(scene.pixels).cpu()
    unit = _place(scene, of, x)
    draws = scene.setting.gradients
    channel = of.channel if scene.setting.counted == "one" else None
    found: Any = None
    for found in seen(of.upto(of.trained.nodes[of.piece.main]), x, unit, draws, channel):
        said = text("{n} of {all} gradients", n=found.draws, all=draws)
        yield Progress(OF_UNIT * found.draws / draws, said, _of_unit(scene, of, unit, found))
    blocks = _of_unit(scene, of, unit, found)
    sides: dict[str, Seen] = {}
    pieces = list(on_the_way(of))
    for n, piece in enumerate(pieces):
        sides[piece.name] = yield from _in_the_middle(of, piece, x)
        share = OF_UNIT + (1 - OF_UNIT) * (n + 1) / len(pieces)
        yield Progress(share, text("From block to block"), blocks)
    return [*blocks, *_growth(of, sides)]


def _place(scene: Scene[Setting], of: Subject, x: Tensor) -> tuple[int, int]:
    """The unit that was clicked, else the one in the middle."""
    if scene.unit is not None and scene.unit.stage == "layer":
        return scene.place_in("layer")
    height, width = of.upto(of.leaves)(x).shape[-2:]
    return height // 2, width // 2


def on_the_way(of: Subject) -> Iterator[Piece]:
    """The last layer of each block that sees more than a pixel, up to the open layer."""
    for group in of.trained.groups:
        inside = [piece for piece in group.pieces if piece in of.trained.pieces]
        inside = [piece for piece in inside if not piece.steps[-1].maps.flat]
        if of.piece in inside:
            yield of.piece
            return
        yield from (piece for piece in inside[-1:] if piece.steps[-1].maps.field.size > (1, 1))


def _in_the_middle(of: Subject, piece: Piece, x: Tensor) -> Slices[Seen]:
    """What the unit in the middle of a layer sees."""
    part = of.upto(of.trained.nodes[piece.main])
    height, width = part(x).shape[-2:]
    steps = seen(part, x, (height // 2, width // 2), ON_THE_WAY)
    return (yield from followed(steps, lambda _: None))


def _of_unit(scene: Scene[Setting], of: Subject, unit: tuple[int, int], found: Seen) -> list[Block]:
    side, held = len(found.energy), found.side_px
    _, height, width = scene.pixels.shape
    around = found.box.inner(min(round(AROUND * side), max(side, height, width)))
    outlines = [(found.box, FIELD), (found.box.inner(held), SECOND)]
    photo = Panel(
        text("The field on the photo"),
        framed(scene.pixels, outlines, [found.box], around),
        kind="colour",
        note=text("orange: the box; blue: 95 % of what counts; striped: beyond the photo"),
    )
    counts = Panel(
        text("How much each pixel of the box counts"),
        found.energy.sqrt().float()[None],
        note=text("root mean square gradient, {n} random signs", n=found.draws)
        if scene.setting.counted == "all"
        else text("size of the gradient of channel {n}", n=of.channel + 1),
    )
    return [
        Prose(_heading(of, unit, side, held), "heading"),
        Panels("field_of_unit", [photo, counts], height_px=480, columns=2),
    ]


def _heading(of: Subject, unit: tuple[int, int], side: int, held: int) -> Text:
    return text(
        "{layer}, row {row}, column {column}: the box has **{side} × {side} px**, and 95 % of the squared gradient lies in the middle **{held} × {held} px**",
        layer=of.layer_name,
        row=unit[0],
        column=unit[1],
        side=side,
        held=held,
    )


def _growth(of: Subject, sides: dict[str, Seen]) -> list[Block]:
    names = list(sides)
    places = list(range(len(names)))
    ticks = places if len(places) <= MOST_TICKS else places[-1::-2][::-1]
    box, held = text("box"), text("95 %")
    arguments = {
        "x": places,
        "lines": {
            box: [len(each.energy) for each in sides.values()],
            held: [each.side_px for each in sides.values()],
        },
        "thick": (held,),
        "x_title": text("block, at its last layer"),
        "y_title": text("side, px"),
        "x_ticks": ticks,
        "x_labels": [_short(names[place]) for place in ticks],
    }
    last = sides[names[-1]]
    alt = text(
        "Up to {name} the box grows to {box} px, the square that holds 95 % of the squared gradient to {held} px",
        name=names[-1],
        box=len(last.energy),
        held=last.side_px,
    )
    said = text(
        "Of the unit in the middle of the photo, the mean of {n} gradients. A 1×1 leaves the box as it is. A depthwise layer widens it by all of its kernel, and what "
        "counts by less. Beyond the photo nothing counts: on a small photo the blue line stops at its border.",
        n=ON_THE_WAY,
    )
    return [Chart("fields_on_the_way", curves, arguments, alt), Prose(said, "caption")]


def _short(name: str) -> str:
    """The block's number, or its name if it has none.

    >>> _short("block10.project.conv"), _short("stem.conv")
    ('10', 'stem')
    """
    first = name.split(".")[0]
    return first.removeprefix("block") or first


SECTION = Section(
    show,
    always("counted", "gradients"),
    opening={"layer": 34, "working_size_px": 384},
    views=(
        Suggestion("Block 5", {"layer": 19}),
        Suggestion("The last block", {"layer": 49}),
        Suggestion("One channel", {"counted": "one"}),
    ),
)
