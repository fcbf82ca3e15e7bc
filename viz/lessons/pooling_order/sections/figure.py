"""The figure "pooling with 1×1" that circulates, beside what a 1×1 window really gives."""

from __future__ import annotations

from functools import partial

from torch import Tensor

from viz.figures.stepping import pooling_gif
from viz.lessons.blocks import Block, Download, Prose, Reading, Stepper
from viz.lessons.lesson import Scene, Section, always
from viz.lessons.opening import Suggestion
from viz.lessons.pooling_order.circulating import (
    DRAWN,
    DRAWN_SIDE,
    SAID,
    SIDE,
    STRIDED,
    Pool,
    Window,
    continued,
    pooled,
    windows_from_to,
)
from viz.lessons.pooling_order.setting import Setting
from viz.lessons.small_grid import small_grid
from viz.text import Text, text
from viz.trace import receptive_field


def show(scene: Scene[Setting]) -> list[Block]:
    """What the caption says, what is drawn, and what a 1×1 window with stride 2 would give."""
    setting, grid = scene.setting, numbers(scene)
    rows, columns = grid.shape[1:]
    window = Window(setting.grid_window, setting.grid_stride).fitting(rows, columns)
    pool: Pool = "max" if setting.grid_pool == "max" else "mean"
    drawn = text("what the figure draws") if window == DRAWN else text("your window")
    cases = (
        (SAID, text("what its caption says")),
        (window, drawn),
        (STRIDED, text("every second number")),
    )
    stepper = Stepper(
        "pooling_stepper",
        grid,
        [_reading(grid, each, pool, note) for each, note in cases],
        channel_names=[text("in")],
        output_names=[text("out")],
        colour=False,
        alt=text(
            "Three pools over the same {rows} × {columns} numbers, one output at a time",
            rows=rows,
            columns=columns,
        ),
        complete=True,
    )
    return [Prose(_verdict(grid, pool)), stepper, _gif(grid, window, pool)]


def numbers(scene: Scene[Setting]) -> Tensor:
    """The numbers of the grid, `(1, rows, columns)`: the figure's, or grey levels of the picture."""
    rows, columns = scene.setting.grid_rows, scene.setting.grid_columns
    if scene.setting.grid_numbers == "figure":
        return continued(rows, columns).to(scene.pixels.device)
    return small_grid(scene.pixels, rows, columns, _pixel(scene))


def _pixel(scene: Scene[Setting]) -> tuple[int, int]:
    """The pixel in the middle of what the unit in view sees."""
    row, column = scene.place()
    if scene.unit is not None and scene.unit.stage != "orders":
        return row, column
    field = receptive_field(scene.built.network, tuple(scene.pixels.shape))
    return int(field.rows.centre(row)), int(field.columns.centre(column))


def _reading(grid: Tensor, window: Window, pool: Pool, note: Text) -> Reading:
    weights = grid.new_ones(1, 1, window.size, window.size)
    found = pooled(grid, window, pool)
    return Reading(_called(window), window.stride, 0, weights, found, note, pool)


def _called(window: Window) -> Text:
    return text("{k}×{k}, stride {s}", k=window.size, s=window.stride)


def _verdict(grid: Tensor, pool: Pool) -> Text:
    """What each case gives, and the windows that lead to the size of the figure's result."""
    kept = int((pooled(grid, SAID, pool) == grid).sum())
    other, right = sorted(windows_from_to(SIDE, DRAWN_SIDE), key=lambda each: each == DRAWN)
    return text(
        "A 1×1 window with stride 1 is the **identity**: {kept} of {all} numbers stay as they are. Two windows lead from "
        "{side} × {side} to {drawn} × {drawn}: {other}, and **{right}**, whose numbers the figure shows.",
        kept=kept,
        all=grid.numel(),
        side=SIDE,
        drawn=DRAWN_SIDE,
        other=text("{k}×{k} with stride {s}", k=other.size, s=other.stride),
        right=text("{k}×{k} with stride {s}", k=right.size, s=right.stride),
    )


def _gif(grid: Tensor, window: Window, pool: Pool) -> Download:
    found = pooled(grid, window, pool)
    name = f"{pool}-pooling-{window.size}x{window.size}-stride-{window.stride}.gif"
    make = partial(
        pooling_gif, grid[0].tolist(), found[0].tolist(), window.size, window.stride, pool
    )
    label = text("Save {window} as an animation (.gif)", window=_called(window))
    return Download(label, name, "image/gif", make)


SECTION = Section(
    show,
    always("grid_window", "grid_stride", "grid_pool", "grid_rows", "grid_columns", "grid_numbers"),
    own_data=lambda setting: setting.grid_numbers == "figure",
    views=(
        Suggestion("Mean instead of max", {"grid_pool": "mean"}),
        Suggestion(
            "2×2, stride 2", {"grid_window": 2, "grid_stride": 2, "grid_rows": 6, "grid_columns": 6}
        ),
        Suggestion("This picture's numbers", {"grid_numbers": "picture"}),
    ),
)
