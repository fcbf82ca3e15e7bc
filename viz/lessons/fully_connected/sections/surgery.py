"""One row of the matrix folds into a kernel, number by number; then the kernel slides."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor

from viz.figures.folding import folding
from viz.lessons.blocks import Block, Chart, Prose, Reading, Stepper
from viz.lessons.fully_connected.setting import FOLDED, Setting
from viz.lessons.fully_connected.surgery import Folded, fold, place, small_maps
from viz.lessons.lesson import Scene, Section, always
from viz.lessons.opening import Suggestion
from viz.text import Text, text

CHANNELS = (text("red"), text("green"))


def show(scene: Scene[Setting]) -> list[Block]:
    """The row and its kernel, the sum so far, and the finished kernel on a larger map."""
    setting = scene.setting
    maps = small_maps(scene.pixels)
    found = fold(maps, setting.folded, setting.order)
    return [
        Prose(_heading(setting, found), "heading"),
        _figure(setting, found),
        Prose(_last(setting, found)),
        Stepper(
            "folded_stepper",
            maps,
            [_reading(setting, found, maps)],
            channel_names=CHANNELS,
            output_names=[text("out")],
            colour=False,
            alt=text("The kernel slides over a larger map, one number at a time"),
        ),
    ]


def _heading(setting: Setting, found: Folded) -> Text:
    said = {"row": minus(found.of_row), "kernel": minus(found.of_kernel)}
    if setting.folded < FOLDED:
        return text(
            "**{n} of {all}** weights are in the kernel: it gives **{kernel}** so far, of **{row}** for the whole row",
            n=setting.folded,
            all=FOLDED,
            **said,
        )
    if found.of_row == found.of_kernel:
        return text("Row times vector is **{row}**, kernel on window is **{kernel}**", **said)
    return text(
        "Row times vector is **{row}**, but the kernel gives **{kernel}**: it was folded in the wrong order",
        **said,
    )


def _figure(setting: Setting, found: Folded) -> Chart:
    arguments = {
        "row": found.row.tolist(),
        "places": [place(n, setting.order) for n in range(FOLDED)],
        "inputs": found.window.tolist(),
        "done": setting.folded,
        "row_title": text("One row of the matrix"),
        "kernel_titles": [text("Kernel:<br>{name}", name=each) for each in CHANNELS],
        "input_titles": [text("Map:<br>{name}", name=each) for each in CHANNELS],
    }
    alt = text(
        "A row of {all} weights, of which {n} are in a kernel of 2 channels and 3×3",
        all=FOLDED,
        n=setting.folded,
    )
    return Chart("folding", folding, arguments, alt, themed=True)


def _last(setting: Setting, found: Folded) -> Text:
    if not setting.folded:
        return text("Move the slider: the weights go into the kernel one after the other.")
    n = setting.folded - 1
    channel, row, column = place(n, setting.order)
    weight, value = int(found.row[n]), int(found.window[channel, row, column])
    said = {"n": n, "channel": channel, "row": row, "column": column}
    formula = text("{n} = {channel}·9 + {row}·3 + {column}", **said)
    if setting.order == "channels_last":
        formula = text("{n} = ({row}·3 + {column})·2 + {channel}", **said)
    return text(
        "Weight {n}: {formula}, so it belongs to channel {channel} ({colour}), row {row}, column {column}. It adds {weight} × {value} = **{product}**.",
        **said,
        formula=formula,
        colour=CHANNELS[channel],
        weight=minus(weight),
        value=value,
        product=minus(weight * value),
    )


def _reading(setting: Setting, found: Folded, maps: Tensor) -> Reading:
    outputs = F.conv2d(maps, found.kernel[None])
    return Reading(
        text("3×3, the kernel above"),
        1,
        0,
        found.kernel[None],
        outputs,
        note=text("The first number is that of the row; every other one is free."),
    )


def minus(value: int) -> str:
    """A whole number with a minus sign of its own.

    >>> minus(-3)
    '−3'
    """
    return str(value).replace("-", "−")


SECTION = Section(
    show,
    always("folded", "order"),
    views=(
        Suggestion("All 18 weights", {"folded": FOLDED}),
        Suggestion("In the wrong order", {"folded": FOLDED, "order": "channels_last"}),
    ),
)
