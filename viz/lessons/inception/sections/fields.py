"""What one unit of each branch sees of the photo, and one of the concatenation."""

from __future__ import annotations

from torch import Tensor

from viz.figures.theme import BRANCHES as COLOURS
from viz.lessons.blocks import Block, Columns, Panel, Panels, Prose
from viz.lessons.inception.fields import Box, Fields, box, fields
from viz.lessons.inception.frames import cut_out, dimmed, framed
from viz.lessons.inception.module import BRANCH_NAMES
from viz.lessons.inception.setting import Setting
from viz.lessons.lesson import Scene, Section
from viz.lessons.opening import Suggestion
from viz.text import Text, text

MARGIN = 0.35  # of the union box, around it
LARGE_PX = 480  # the enlarged part


def show(scene: Scene[Setting]) -> list[Block]:
    """The four boxes around one unit, and each branch's own."""
    pixels = scene.pixels
    found = fields(scene.built, (3, pixels.shape[1], pixels.shape[2]))
    unit = found.nearest(scene.unit) if scene.unit else scene.place()
    union = box(found.joined, unit)
    return [
        Prose(_sentence(found), "heading"),
        Columns(
            [[_together(pixels, found, unit, union)], [_apart(pixels, found, unit)]], widths=(4, 5)
        ),
    ]


def _sentence(found: Fields) -> Text:
    height, width = found.joined.size
    sizes = {name: field.size for name, field in found.branches.items()}
    largest = max(sizes, key=lambda name: sizes[name])
    if found.joined.aligned and sizes[largest] == found.joined.size:
        return text(
            "Side by side the branches see **{height} × {width}** px. All four boxes have one centre, so their union is that of the {branch}.",
            height=height,
            width=width,
            branch=Text(BRANCH_NAMES[largest]),
        )
    return text(
        "Side by side the branches see **{height} × {width}** px: the union of boxes that are not aligned.",
        height=height,
        width=width,
    )


def _around(union: Box) -> Box:
    margins = [round(MARGIN * (last - first + 1)) for first, last in union]
    (top, bottom), (left, right) = union
    return (top - margins[0], bottom + margins[0]), (left - margins[1], right + margins[1])


def _moved(boxes: dict[str, Box], frame: Box) -> dict[str, Box]:
    """The boxes in the coordinates of a part of the photo."""
    (top, _), (left, _) = frame
    return {
        name: ((rows[0] - top, rows[1] - top), (columns[0] - left, columns[1] - left))
        for name, (rows, columns) in boxes.items()
    }


def _together(pixels: Tensor, found: Fields, unit: tuple[int, int], union: Box) -> Panels:
    around = _around(union)
    part = cut_out(pixels, around)
    scale = max(1, LARGE_PX // max(part.shape[1:]))
    large = framed(part, _moved(found.boxes(unit), around), COLOURS, scale)
    title = text("Unit ({row}, {column}) of the joined maps", row=unit[0], column=unit[1])
    return Panels("joined_field", [Panel(title, large, kind="colour")], height_px=560, columns=1)


def _apart(pixels: Tensor, found: Fields, unit: tuple[int, int]) -> Panels:
    panels = []
    for name, each in found.boxes(unit).items():
        scale = max(1, LARGE_PX // max(pixels.shape[1:]))
        own = found.inside[name].size
        panels.append(
            Panel(
                text(
                    "{branch}: {height} × {width} px",
                    branch=Text(BRANCH_NAMES[name]),
                    height=found.branches[name].size[0],
                    width=found.branches[name].size[1],
                ),
                framed(dimmed(pixels, each), {name: each}, COLOURS, scale),
                kind="colour",
                note=text(
                    "reads {height} × {width} arriving units",
                    height=own[0],
                    width=own[1],
                ),
            )
        )
    return Panels("branch_fields", panels, height_px=230, columns=2)


SECTION = Section(
    show,
    picture="chelsea",
    views=(
        Suggestion("Coarser maps: 28 × 28", {"side_px": 28}),
        Suggestion("7 × 7, as at the end of GoogLeNet", {"side_px": 7}),
    ),
)
