"""One output pixel at a time: the pixels that a 1×1 reads, and those of a 3×3."""

from __future__ import annotations

from viz.lessons.blocks import Block, Prose, Reading, Stepper
from viz.lessons.lesson import Scene, Section
from viz.lessons.pointwise.setting import Setting
from viz.lessons.pointwise.stepping import (
    MAX_CHANNELS,
    corner_around,
    stepping,
)
from viz.text import text


def show(scene: Scene[Setting]) -> list[Block]:
    """Both layers on the same crop of the input of the 1×1."""
    matrix = scene.mixing("pointwise").matrix
    top, left = corner(scene)
    found = stepping(scene.input_of("pointwise"), matrix, (top, left))
    stepper = Stepper(
        "stepper",
        found.crop,
        [
            Reading(text("1×1"), 1, 0, found.pointwise_weight, found.pointwise),
            Reading(text("3×3, the same matrix"), 1, 1, found.window_weight, found.window),
        ],
        channel_names=scene.channels("bank").names[:MAX_CHANNELS],
        output_names=scene.channels("pointwise").names[:MAX_CHANNELS],
        colour=scene.setting.bank == "rgb",
        alt=text("A 1×1 and a 3×3 convolution over the same pixels of the picture"),
        origin=(top, left),
    )
    where = text(
        "Rows {top} to {bottom} and columns {left} to {right} of the picture, taken as a whole picture: beyond them the 3×3 reads zeros.",
        top=top,
        bottom=top + found.crop.shape[1] - 1,
        left=left,
        right=left + found.crop.shape[2] - 1,
    )
    return [Prose(where, "caption"), stepper, *_left_out(*matrix.shape)]


def corner(scene: Scene[Setting]) -> tuple[int, int]:
    """The corner of the crop: around the clicked unit, as in the address, or at an edge."""
    height, width = scene.pixels.shape[-2:]
    if scene.unit is None and scene.setting.crop_at is not None:
        down, across = scene.setting.crop_at
        return corner_around((height, width), int(down * height), int(across * width))
    return corner_around((height, width), *scene.place())


def _left_out(outputs: int, inputs: int) -> list[Block]:
    if max(outputs, inputs) <= MAX_CHANNELS:
        return []
    note = text(
        "Of {inputs} channels and {outputs} outputs, only the first {most} of each are shown here.",
        inputs=inputs,
        outputs=outputs,
        most=MAX_CHANNELS,
    )
    return [Prose(note, "caption")]


SECTION = Section(show)
