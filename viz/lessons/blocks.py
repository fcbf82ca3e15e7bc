"""Blocks: the content of a section as data, without Streamlit or language, tensors on any device.

The page has one drawing function for each kind of Block.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, Literal

from torch import Tensor

from viz.lessons.diagram import Diagram
from viz.marks import Marks
from viz.packing import Block as Packed
from viz.text import Text

Words = Text | str  # a str is a name or a number, the same in every language

# The kind of a panel's values: activations, weights, one picture of red, green and blue, class
# labels with a colour each, or 0 and 1 for pixels that are not read and that are.
Kind = Literal["map", "weight", "colour", "class", "mask"]


@dataclass(frozen=True)
class Prose:
    """A paragraph in Markdown; a `heading` is larger, a `caption` smaller."""

    text: Text
    style: Literal["paragraph", "heading", "caption"] = "paragraph"


@dataclass(frozen=True)
class Table:
    """A table: the first `words` columns are text, the others numbers."""

    head: Sequence[Words]
    rows: Sequence[Sequence[Words]]
    words: int = 1


@dataclass(frozen=True)
class Metrics:
    """Numbers side by side, each under its label."""

    figures: Sequence[tuple[Text, str]]


@dataclass(frozen=True)
class Chart:
    """A figure of `viz.figures` and its arguments.

    Attributes:
        key: identifies the chart on the page.
        figure: the builder.
        arguments: its arguments by name; tensors become arrays, and every Text is translated.
        alt: the alternative text.
        themed: whether the builder also takes `dark`, because its colours depend on the theme.
    """

    key: str
    figure: Callable[..., Any]
    arguments: Mapping[str, Any]
    alt: Text
    themed: bool = False


@dataclass(frozen=True)
class Panel:
    """Maps under one title.

    Attributes:
        title: the heading.
        maps: `(N, h, w)`.
        names: the name of each map; its number if there is none.
        kind: the kind of the values, which determines the colours.
        note: a measured number, in a sentence or less.
        scale: panels with the same word share one scale; empty for an own scale.
        classes: the name of each label in `class` and `mask` maps.
        marks: what each map stands for; empty if none does.
        over: a picture `(3, H, W)` of the same shape, however large, that the maps lie on; a slider
            makes them more or less opaque, and where they have the last of their classes it is
            seen alone. None for maps alone.
    """

    title: Words
    maps: Tensor | Packed
    names: Sequence[str] = ()
    kind: Kind = "map"
    note: Words = ""
    scale: str = ""
    classes: Sequence[Words] = ()
    marks: Marks = ()
    over: Tensor | Packed | None = None


@dataclass(frozen=True)
class Panels:
    """Panels side by side, with a common pointer in those of equal shape.

    Attributes:
        key: identifies them on the page.
        height_px: the largest height of the maps of one panel.
        columns: the number of panels side by side, if there is room.
        narrowest_px: the width at which there is still room for a panel beside others.
        region: the field that a rectangle drawn on the pictures sets, with its current value in
            thousandths: top, left, bottom, right.
    """

    key: str
    panels: Sequence[Panel]
    height_px: int = 320
    columns: int = 3
    narrowest_px: int = 200
    region: tuple[str, tuple[int, int, int, int]] | None = None


@dataclass(frozen=True)
class Reading:
    """One layer in a stepper: its title, its window, and its numbers.

    Attributes:
        title: the heading.
        stride: pixels from one window to the next, 1 to 8.
        padding: rows and columns of zeros around the input, fewer than the kernel has.
        weights: `(O, C, k, k)`, k at most 5.
        outputs: `(O, h', w')`, the layer's output; the stepper reports numbers that differ from
            its own.
        note: a short text beside the title.
        operation: what becomes of the products in a window. A pool has one plane, weights of 1
            and no padding.
    """

    title: Words
    stride: int
    padding: int
    weights: Any
    outputs: Any
    note: Words = ""
    operation: Literal["sum", "max", "mean"] = "sum"


@dataclass(frozen=True)
class Stepper:
    """Layers that move over the same input, one number at a time.

    Attributes:
        inputs: `(C, h, w)`, h and w at most 16, C at most 4.
        colour: whether the planes are the red, green and blue of a picture, in [0, 1].
        origin: row and column of the input's upper left pixel, as they are named in the text.
        complete: whether it opens with every output computed, else with the first one.
    """

    key: str
    inputs: Any
    readings: Sequence[Reading]
    channel_names: Sequence[Words]
    output_names: Sequence[Words]
    colour: bool
    alt: Text
    origin: tuple[int, int] = (0, 0)
    complete: bool = False


@dataclass(frozen=True)
class UnitLayer:
    """A layer of a network that works at every pixel.

    Attributes:
        stage: the stage that has its units as maps.
        title: the heading.
        names: of its units.
        activations: of all units at all pixels, the smallest and the largest.
    """

    stage: str
    title: Text
    names: Sequence[str]
    activations: tuple[float, float]


@dataclass(frozen=True)
class PixelNetwork:
    """A perceptron that works at every pixel, drawn as a network with the numbers of one of them.

    It follows the pointer on the maps of the canvas, and on its own photo.

    Attributes:
        key: identifies it on the page.
        layers: of units, in the order of the data.
        weights: a matrix between each layer and the next, a row for each unit of the next.
        rectified: whether a ReLU follows, for each matrix.
        reads_px: the side of the square of the picture that each pixel's numbers depend on, odd.
        pixel: row and column of the pixel that was clicked, or is shown at rest.
        inputs: the numbers of the first layer there.
        maps: the numbers there of the maps of the last layer's stage.
        alt: a description without the numbers of the pixel.
    """

    key: str
    layers: Sequence[UnitLayer]
    weights: Sequence[Any]
    rectified: Sequence[bool]
    reads_px: int
    pixel: tuple[int, int]
    inputs: Any
    maps: Any
    alt: Text


@dataclass(frozen=True)
class Surface:
    """The numbers of a small grid as heights above it, turning, over their flat picture.

    Attributes:
        key: identifies it on the page.
        title: the heading.
        numbers: `(h, w)`, 2 to 65 a side, in the colours of weights.
        alt: a one-sentence description.
        turn_degrees: how far it is turned when it opens, counter-clockwise as seen from above.
    """

    key: str
    title: Words
    numbers: Any
    alt: Text
    turn_degrees: float = 30.0


@dataclass(frozen=True)
class OrientationMap:
    """The preferred orientation of every pixel as a hue, its strength as light.

    It follows the pointer, on itself, on its photo and on the maps of the canvas, and shows the
    responses to all orientations there: the mean of the squares of each orientation's phases.

    Attributes:
        key: identifies it on the page.
        stage: the stage that has the filters as maps, orientation by orientation.
        orientations_degrees: of the bars, one for each orientation.
        phases: maps of each orientation.
        degrees: `(H, W)`, the preferred orientation, from 0 to below 180.
        strength: `(H, W)`, never negative.
        reads_px: the side of the square of the picture that each pixel's numbers depend on, odd.
        pixel: row and column of the pixel that was clicked, or is shown at rest.
        responses: to each orientation there.
        alt: a one-sentence description.
    """

    key: str
    stage: str
    orientations_degrees: Sequence[float]
    phases: int
    degrees: Any
    strength: Any
    reads_px: int
    pixel: tuple[int, int]
    responses: Any
    alt: Text


@dataclass(frozen=True)
class Button:
    """A button that changes the Setting or the View."""

    label: Text
    fields: Mapping[str, object]


@dataclass(frozen=True)
class LessonLink:
    """A link to a lesson, with the picture of this page.

    Attributes:
        label: the text.
        slug: the lesson.
        fields: of its Setting or View, as far as they differ from its opening.
    """

    label: Text
    slug: str
    fields: Mapping[str, object]


@dataclass(frozen=True)
class Download:
    """A file that is computed when it is downloaded."""

    label: Text
    file_name: str
    mime: str
    make: Callable[[], bytes]


@dataclass(frozen=True)
class Columns:
    """Blocks side by side, in columns of given relative widths, or of equal width."""

    columns: Sequence[Sequence[Block]]
    widths: Sequence[float] = ()
    align: Literal["top", "center"] = "top"


# what is drawn by a component or a chart, under a key of its own
Drawn = Chart | Panels | Stepper | Diagram | PixelNetwork | Surface | OrientationMap
Block = Prose | Table | Metrics | Drawn | Button | LessonLink | Download | Columns


def with_arrays(found: Any, panel: Callable[[Panel], Panel]) -> Any:
    """The same data with tensors as arrays, and `panel` applied to every Panel.

    >>> import torch
    >>> with_arrays({"maps": torch.zeros(2)}, panel=lambda each: each)
    {'maps': array([0., 0.], dtype=float32)}
    """
    if isinstance(found, Panel):
        return panel(found)
    if isinstance(found, Tensor):
        return found.cpu().numpy().copy()
    if is_dataclass(found) and not isinstance(found, type):
        values = {of.name: with_arrays(getattr(found, of.name), panel) for of in fields(found)}
        return replace(found, **values)
    if isinstance(found, Mapping):
        return {name: with_arrays(value, panel) for name, value in found.items()}
    if isinstance(found, list | tuple) and not hasattr(found, "_fields"):
        return type(found)(with_arrays(value, panel) for value in found)
    return found
