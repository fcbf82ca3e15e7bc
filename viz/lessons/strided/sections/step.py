"""A strided 1×1 on a small grid, step by step, and the figure that shows it wrongly."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from viz.figures.stepping import stepping_gif
from viz.layers.pointwise import mix_channels
from viz.lessons.blocks import Block, Download, Panel, Panels, Stepper
from viz.lessons.blocks import Reading as Layer
from viz.lessons.lesson import Scene, Section, always
from viz.lessons.small_grid import small_grid
from viz.lessons.strided.reading import Reading, misdrawn
from viz.lessons.strided.sections.stacks import READ
from viz.lessons.strided.setting import Setting
from viz.text import Message, Text, text

AS_DRAWN: Message = "As often drawn: {rows} × {columns}"
AS_READ: Message = "As the layer reads: {rows} × {columns}"


def show(scene: Scene[Setting]) -> list[Block]:
    """The grid, its animation, and the wrong reading beside the right one."""
    setting = scene.setting
    rows, columns, stride = setting.grid_rows, setting.grid_columns, setting.grid_stride
    inputs = small_grid(scene.pixels, rows, columns)
    weights = inputs.new_ones(1, 1)
    outputs = mix_channels(inputs, weights, stride=stride)
    title = text("1×1, stride {s}", s=stride)
    stepper = Stepper(
        "grid_stepper",
        inputs,
        [Layer(title, stride, 0, weights[:, :, None, None], outputs)],
        channel_names=[text("grey")],
        output_names=[text("out")],
        colour=False,
        alt=text("A strided 1×1 over the middle of the picture, one number at a time"),
    )
    gif = Download(
        text("Save as an animation (.gif)"),
        f"strided-{rows}x{columns}-stride-{stride}.gif",
        "image/gif",
        partial(stepping_gif, (rows, columns), stride),
    )
    wrong, right = misdrawn(rows, columns, stride)
    panels = [
        _panel(AS_DRAWN, wrong, _slip(wrong, right)),
        _panel(AS_READ, right, _positions(right)),
    ]
    return [stepper, gif, Panels("misdrawn", panels, height_px=200, columns=2)]


def _panel(title: str, reading: Reading, note: Text) -> Panel:
    rows, columns = reading.outputs
    mask = reading.mask[None].float()
    named = text(title, rows=rows, columns=columns)
    return Panel(named, mask, kind="mask", classes=READ, note=note)


def _slip(wrong: Reading, right: Reading) -> Text:
    if wrong.rows.read == right.rows.read and wrong.columns.read == right.columns.read:
        return text("at stride 1 there is no difference")
    if not (wrong.rows.read and wrong.columns.read):
        return text("wrong: it would read nothing at all")
    if wrong.stride == 2:
        return text("wrong: it begins a row and a column too late")
    return text("wrong: it begins {n} rows and columns too late", n=wrong.stride - 1)


def _positions(right: Reading) -> Text:
    return text(
        "rows {rows} and columns {columns}",
        rows=_listed(right.rows.read),
        columns=_listed(right.columns.read),
    )


def _listed(positions: Sequence[int]) -> str:
    return ", ".join(map(str, positions))


SECTION = Section(show, always("grid_rows", "grid_columns", "grid_stride"))
