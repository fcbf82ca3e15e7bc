"""The positions that the strided layer reads, and those that it never reads."""

from __future__ import annotations

from viz.lessons.blocks import Block, Panel, Panels, Prose
from viz.lessons.lesson import Scene, Section
from viz.lessons.strided.reading import Reading, reading
from viz.lessons.strided.setting import Setting
from viz.numbers import exact, number
from viz.text import Text, text

UNREAD_GREY = 0.55


def show(scene: Scene[Setting]) -> list[Block]:
    """The reading in numbers, then on the picture."""
    maps, layer = scene.input_of("strided"), scene.mixing("strided")
    kept, read = layer(maps), reading(maps.shape[1], maps.shape[2], scene.setting.stride)
    in_colour = scene.setting.bank == "rgb"
    as_picture = in_colour and len(kept) == 3
    mask = read.mask.to(maps.device)
    shown = (maps if in_colour else maps[:1]) * mask + UNREAD_GREY * ~mask
    rows, columns = read.outputs
    made = text("Output of the layer: {rows} × {columns}", rows=rows, columns=columns)
    panels = [
        Panel(text("Read, and never read (grey)"), shown, kind="colour" if in_colour else "map"),
        Panel(made, kept if as_picture else kept[:1], kind="colour" if as_picture else "map"),
    ]
    return [
        Prose(_counted(read)),
        *map(Prose, _last_read(read)),
        Panels("read_pixels", panels, height_px=420, columns=2),
    ]


def _counted(read: Reading) -> Text:
    rows, columns = read.outputs
    return text(
        "Of the {height} × {width} positions of its input map, the layer reads **{read}** of {all}, "
        "**{percent} %** (1/s² is {square} %). Its output is {rows} × {columns}.",
        height=read.rows.length,
        width=read.columns.length,
        read=exact(read.pixels_read),
        all=exact(read.pixels),
        percent=number(100 * float(read.share), 4),
        square=number(100 / read.stride**2, 4),
        rows=rows,
        columns=columns,
    )


def _last_read(read: Reading) -> list[Text]:
    """The last row and column that are read, and those after them."""
    if read.stride == 1:
        return [text("With stride 1 every position is read.")]
    last = text(
        "The last row read is **{row}** of 0 to {end}, the last column **{column}** of 0 to {right}.",
        row=read.rows.read[-1],
        end=read.rows.length - 1,
        column=read.columns.read[-1],
        right=read.columns.length - 1,
    )
    incomplete = text(
        "The stride does not divide both sides: the last block is incomplete, and its first row or column is still read."
    )
    return [last, incomplete] if any(read.incomplete) else [last]


SECTION = Section(show)
