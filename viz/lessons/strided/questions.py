"""What to predict about a strided 1×1: sizes, pixels, fields and false patterns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from torch import Tensor

from viz.layers.downsampling import upsampled
from viz.layers.pointwise import mix_channels
from viz.lessons.chain import upto_stage
from viz.lessons.grid_cells import GRID, cell_means, largest_cells
from viz.lessons.question import Number, Question, Where, one_of
from viz.lessons.scene import Scene
from viz.lessons.strided.reading import reading
from viz.lessons.strided.setting import Setting
from viz.numbers import exact, number
from viz.text import text
from viz.trace import receptive_field

ALONE = {"again": False, "third": False, "window": False, "stage": "strided"}
SEEN = 0.01  # of the root mean square of a map: smaller errors are not seen
STRIDES = (5, 3, 7, 6, 2)  # to ask about: the first ones rarely divide a size


def questions(scene: Scene[Setting]) -> Sequence[Question]:
    """Up to five questions; each asks about a stride that is not on the canvas, or a layer more."""
    asked = (_false_patterns, _size, _field, _pixels, _last_column)
    return [question for about in asked for question in about(scene)]


def another_stride(scene: Scene[Setting]) -> int:
    """A stride other than the present one, which does not divide the picture if there is any."""
    height, width = scene.pixels.shape[-2:]
    others = [stride for stride in STRIDES if stride != scene.setting.stride]
    return next((s for s in others if height % s or width % s), others[0])


def present_stride(scene: Scene[Setting], *, unless: bool) -> int:
    """The stride on the canvas; another one if it is 1, or if the answer is on the canvas."""
    here = scene.setting.stride
    return another_stride(scene) if unless or here == 1 else here


def strided_error(maps: Tensor, matrix: Tensor, stride: int) -> Tensor:
    """The squared difference of a strided 1×1, enlarged, from the 1×1 at every pixel: `(H, W)`.

    Args:
        maps: `(C, H, W)`, the input of the layer.
        matrix: `(O, C)`; the mean is over its outputs.
        stride: at least 1.
    """
    everywhere = mix_channels(maps, matrix)
    size = (everywhere.shape[1], everywhere.shape[2])
    small = mix_channels(maps, matrix, stride=stride)
    return (upsampled(small, size, stride, centred=False) - everywhere).square().mean(0)


def _false_patterns(scene: Scene[Setting]) -> Iterator[Question]:
    s, maps, matrix = (
        another_stride(scene),
        scene.input_of("strided"),
        scene.mixing("strided").matrix,
    )
    error = strided_error(maps, matrix, s)
    if min(error.shape) < max(GRID):
        return
    cells = cell_means(error)
    right = largest_cells(cells)
    seen = float(error.mean()) > (SEEN**2) * float(mix_channels(maps, matrix).square().mean())
    if not seen or len(right) == cells.numel():
        return
    yield Question(
        "false_patterns",
        text(
            "Where will stride {s} turn fine texture into most false patterns?",
            s=s,
        ),
        Where("photo", right, GRID, text("There the texture is coarser, and less is lost.")),
        text(
            "There the map, enlarged again, is wrong by {worst} on average; over the whole picture by {mean}.",
            worst=number(float(cells.max().sqrt())),
            mean=number(float(error.mean().sqrt())),
        ),
        {"stride": s, **ALONE},
    )


def _size(scene: Scene[Setting]) -> Iterator[Question]:
    height, width = scene.pixels.shape[-2:]
    s = another_stride(scene)
    rows, columns = reading(height, width, s).outputs
    wrong = {
        (height // s, width // s): text(
            "The last, incomplete block has a first row, and it is read."
        ),
        (height, width): text("Only stride 1 keeps the size."),
        reading(height, width, s * s).outputs: text(
            "That is the size after two layers of stride {s}.", s=s
        ),
    }
    answer = one_of((rows, columns), wrong, lambda size: f"{size[0]} × {size[1]}")
    if len(answer.options) < 2:
        return
    yield Question(
        "size",
        text(
            "The picture is {h} × {w}. How large are the maps at stride {s}?",
            h=height,
            w=width,
            s=s,
        ),
        answer,
        text(
            "Each side is divided by {s} and rounded up: {down} and {along}.",
            s=s,
            down=number(height / s),
            along=number(width / s),
        ),
        {"stride": s, **ALONE},
    )


def _field(scene: Scene[Setting]) -> Iterator[Question]:
    s = present_stride(scene, unless=scene.setting.window)
    fields = {"stride": s, "again": False, "third": False, "window": True}
    network, shape = scene.changed(**fields).built.network, tuple(scene.pixels.shape)
    right = receptive_field(network, shape).size[0]
    own = receptive_field(upto_stage("strided", network), shape).size[0]
    wrong = {
        own: text("A 3×3 reads more than one unit."),
        own + 2: text("The units that it reads are {s} pixels apart, not 1.", s=s),
        own + 3 * s: text(
            "From the first unit to the third there are two steps of {s}, not three.", s=s
        ),
    }
    yield Question(
        "field",
        text(
            "A 3×3 follows the layer of stride {s}. How tall is the receptive field of one unit?",
            s=s,
        ),
        one_of(right, wrong, lambda size: f"{size} px"),
        text(
            "Two steps of {s} px, and the {own} px that one unit of the strided layer sees: {right} px.",
            s=s,
            own=own,
            right=right,
        ),
        {**fields, "stage": "window"},
    )


def _pixels(scene: Scene[Setting]) -> Iterator[Question]:
    height, width = scene.pixels.shape[-2:]
    s = present_stride(scene, unless=scene.setting.again)
    once, sum_of_both, twice = (reading(height, width, n).pixels_read for n in (s, 2 * s, s * s))
    wrong = {
        height * width: text("Already the first layer leaves pixels out."),
        once: text("The first layer reads that many, and the second not all of its units."),
        sum_of_both: text("Strides multiply, they do not add."),
    }
    answer = one_of(twice, wrong, exact)
    if len(answer.options) < 2:
        return
    yield Question(
        "pixels",
        text(
            "Two 1×1 of stride {s} in a row: how many of the picture's {n} pixels do they read?",
            s=s,
            n=exact(height * width),
        ),
        answer,
        text(
            "Together they have stride {s} × {s} = {both}, and read one pixel in {share}.",
            s=s,
            both=s * s,
            share=number(height * width / twice),
        ),
        {"stride": s, "again": True, "third": False, "window": False, "stage": "again"},
    )


def _last_column(scene: Scene[Setting]) -> Iterator[Question]:
    height, width = scene.pixels.shape[-2:]
    s = another_stride(scene)
    right = reading(height, width, s).columns.read[-1]
    if width == 1:
        return
    yield Question(
        "last_column",
        text(
            "The columns are numbered from 0 to {end}. Which is the last one that stride {s} reads?",
            end=width - 1,
            s=s,
        ),
        Number(
            right,
            "",
            text(
                "From column 0 on, the layer goes in steps of {s}; {said} is not the last of them.",
                s=s,
            ),
            high=width - 1,
        ),
        text(
            "The largest multiple of {s} that is at most {end} is {right}.",
            s=s,
            end=width - 1,
            right=right,
        ),
        {"stride": s, **ALONE},
    )
