"""How the field grows from layer to layer: the plot, the table, and published figures beside it."""

from __future__ import annotations

from collections.abc import Sequence

from viz.figures.field_growth import Dot, field_growth
from viz.lessons.blocks import Block, Chart, Columns, Prose, Table, Words
from viz.lessons.lesson import Scene, Section, always
from viz.lessons.receptive_field.growth import Growth, growth
from viz.lessons.receptive_field.presets import Preset, preset
from viz.lessons.receptive_field.published import Published, published
from viz.lessons.receptive_field.setting import OWN, Setting
from viz.lessons.receptive_field.stack import WIDTH, fitted
from viz.networks import menu
from viz.text import Message, Text, text
from viz.trace.flow import flow

ROWS_OF_A_TABLE = 18  # a longer one goes on beside it
MOST_TABLES = 2  # with three side by side, columns are cut at 1280 px
KINDS = {
    "c": "{n}",
    "d": "depthwise {n}",
    "m": "max {n}",
    "a": "mean {n}",
    "f": "fully connected {n}",
    "+": "join",
}


def show(scene: Scene[Setting]) -> list[Block]:
    """The plot first, then what the canvas shows of the network, then every layer."""
    setting, notes = scene.setting, [Prose(note, "caption") for note in menu().notes]
    if setting.network == OWN:
        return [*_whole(_of_stack(scene), [], scene), *_enlarged(scene), *notes]
    found = preset(setting.network)
    if found.why:
        return [Prose(_cannot(found)), *notes]
    stated = published(setting.network, found)
    return [*_whole(found.rows, stated, scene), Prose(_on_the_canvas(found), "caption"), *notes]


def _of_stack(scene: Scene[Setting]) -> tuple[Growth, ...]:
    """The layers on screen, under the names of their stages."""
    _, height, width = scene.pixels.shape
    rows = growth(flow(scene.built.network, (3, height, width)))
    return tuple(row._replace(name=row.name.split(".")[0].removeprefix("layer")) for row in rows)


def _whole(
    rows: Sequence[Growth], stated: Sequence[Published], scene: Scene[Setting]
) -> list[Block]:
    return [
        Prose(_in_words(rows)),
        _plot(rows, stated, max(scene.pixels.shape[-2:])),
        *([_stated(stated)] if stated else []),
        _tables(rows),
    ]


def _in_words(rows: Sequence[Growth]) -> Text:
    """What the 1×1 layers add, and what the others do."""
    flat = [row for row in rows if row.is_pointwise]
    last = rows[-1]
    return text(
        "**{flat}** of {all} layers are 1×1: together they add **{added} px** to the field. The other layers alone bring it from 1 px "
        "to **{size} px**; neighbouring units at the end lie {stride} px apart.",
        flat=len(flat),
        all=sum(row.kind != "+" for row in rows),
        added=sum(row.adds for row in flat),
        size=_both(last.field.size),
        stride=last.field.stride[0],
    )


def _plot(rows: Sequence[Growth], stated: Sequence[Published], side: int) -> Chart:
    branches = any(row.kind == "+" for row in rows)
    dots = [
        Dot(row.depth, row.field.size[0], row.is_pointwise, _marked(row, branches), _says(row))
        for row in rows
        if row.kind != "+"
    ]
    names = {
        "spatial": text("sees neighbours"),
        "flat": text("1×1: adds nothing"),
        "stride": text("stride: multiplies what follows"),
        "published": text("stated by others"),
        "picture": text("the picture’s longer side, {n} px", n=side),
    }
    arguments = {
        "dots": dots,
        "names": names,
        "published": [
            (each.row.depth, each.size, f"{each.row.name}: {each.size} px") for each in stated
        ],
        "picture_px": side,
        "x_title": text("depth: layers passed"),
        "y_title": text("field, px"),
    }
    alt = text(
        "The receptive field of {n} layers against their depth, from 1 to {size} px; it is level at every 1×1",
        n=len(dots),
        size=rows[-1].field.size[0],
    )
    return Chart("field_growth", field_growth, arguments, alt)


def _marked(row: Growth, branches: bool) -> int:
    """The stride to mark: not that of a shortcut, which only follows the branch beside it."""
    return 1 if branches and row.is_pointwise else row.stride


def _says(row: Growth) -> str:
    field = row.field
    return f"{row.name}: {field.size[0]}×{field.size[1]} px, +{row.adds}"


def called(row: Growth) -> Text:
    """What a layer of a network is called, with its stride."""
    size = "×".join(map(str, row.kernel))
    if row.stride > 1:
        return text("{layer}, stride {s}", layer=text(KINDS[row.kind], n=size), s=row.stride)
    return text(KINDS[row.kind], n=size)


def _tables(rows: Sequence[Growth]) -> Columns:
    """All layers, in one table or in two side by side."""
    columns = min(MOST_TABLES, -(-len(rows) // ROWS_OF_A_TABLE))
    each = -(-len(rows) // columns)
    parts = [rows[first : first + each] for first in range(0, len(rows), each)]
    return Columns([[_table(part, narrow=columns > 1)] for part in parts])


def _table(rows: Sequence[Growth], *, narrow: bool) -> Table:
    head = ["Layer", "Window", "Adds", "Field, px"]
    if not narrow:
        more: list[Message] = ["Effective stride", "Padding", "Output"]
        head += more
    return Table([text(name) for name in head], [_line(row, narrow) for row in rows], words=2)


def _line(row: Growth, narrow: bool) -> list[Words]:
    field = row.field
    adds = f"+{row.adds}" if row.is_pointwise or not row.adds else f"**+{row.adds}**"
    cells: list[Words] = [row.name, called(row), adds, _both(field.size)]
    if narrow:
        return cells
    return [*cells, _both(field.stride), _both(field.padding), " × ".join(map(str, row.shape))]


def _both(sizes: tuple[int, int]) -> str:
    """One number for both axes if they are alike.

    >>> _both((3, 3)), _both((1, 7))
    ('3', '1×7')
    """
    return str(sizes[0]) if sizes[0] == sizes[1] else "×".join(map(str, sizes))


def _stated(stated: Sequence[Published]) -> Table:
    head = ["After layer", "Computed here", "Stated", "By", "Stride", "Padding", "Compared"]
    rows: list[list[Words]] = []
    for each in stated:
        field = each.row.field
        ours, theirs = str(field.size[0]), f"{each.size}"
        padding = "–" if each.padding is None else _beside(field.padding[0], each.padding)
        stride = _beside(field.stride[0], each.stride)
        rows.append([each.row.name, f"**{ours}**", theirs, each.source, stride, padding, each.why])
    return Table([text(name) for name in head], rows)


def _beside(ours: int, theirs: int) -> str:
    return str(ours) if ours == theirs else f"{ours} / {theirs}"


def _on_the_canvas(found: Preset) -> Text:
    """What of a network the canvas shows."""
    if found.layers is None:
        return text(
            "{name} has a layer that no stack here has, so the canvas keeps your own stack; plot and table are those of {name}.",
            name=found.title,
        )
    if found.is_chain:
        return text(
            "The canvas shows the layers up to {last}, the last feature map, with {n} channels and random weights: these change no field.",
            last=found.last,
            n=WIDTH,
        )
    field = field_words(found)
    return text(
        "The canvas shows the longest path through the branches up to {last}, with {n} channels and random weights. {field}",
        last=found.last,
        n=WIDTH,
        field=field,
    )


def field_words(found: Preset) -> Text:
    """Whether the longest path has the field of all branches together."""
    if found.is_whole:
        return text("Its field is that of all branches together, for a join takes the union.")
    return text("Its field is not that of all branches together.")


def _cannot(found: Preset) -> Text:
    return text(
        "**{name} cannot be read**: {why} The canvas keeps your own stack.",
        name=found.title,
        why=found.why,
    )


def _enlarged(scene: Scene[Setting]) -> list[Block]:
    """Names the layers whose window is larger than the maps that reach it."""
    _, height, width = scene.pixels.shape
    fits = fitted(scene.setting.layers, (height, width))
    wide = [str(at) for at, fit in enumerate(fits, 1) if fit.is_enlarged]
    if not wide:
        return []
    said = text(
        "Too large for the maps that reach it on this picture: the window of layer {layers}. Zeros are added below and right until it fits once.",
        layers=", ".join(wide),
    )
    return [Prose(said, "caption")]


SECTION = Section(show, always("network"), painting="layers")
