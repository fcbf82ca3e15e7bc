"""What a section shows, as data: no Streamlit, no language, tensors on whatever device they are.

The page has one drawing function for each kind of Block.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, Literal

from torch import Tensor

from viz.packing import Block as Packed
from viz.text import Text

Words = Text | str  # a str is a name or a number, the same in every language

# What a panel's numbers are: activations, weights, one picture of red, green and blue, numbers of
# classes, each with a colour of its own, or 0 and 1 for what is not read and what is.
Kind = Literal["map", "weight", "colour", "class", "mask"]


@dataclass(frozen=True)
class Prose:
    """A paragraph in Markdown; a `heading` is larger, a `caption` smaller."""

    text: Text
    style: Literal["paragraph", "heading", "caption"] = "paragraph"


@dataclass(frozen=True)
class Table:
    """A table: the first `words` columns are words, the others figures."""

    head: Sequence[Words]
    rows: Sequence[Sequence[Words]]
    words: int = 1


@dataclass(frozen=True)
class Metrics:
    """Figures side by side, each under its label."""

    figures: Sequence[tuple[Text, str]]


@dataclass(frozen=True)
class Chart:
    """A figure of `viz.figures`, and what it is drawn from.

    Attributes:
        key: names the chart on the page.
        figure: the builder.
        arguments: for it, by name; tensors become arrays, and every Text is translated.
        alt: what is seen.
    """

    key: str
    figure: Callable[..., Any]
    arguments: Mapping[str, Any]
    alt: Text


@dataclass(frozen=True)
class Panel:
    """Maps under one title.

    Attributes:
        title: what they are.
        maps: `(N, h, w)`.
        names: what each map is called; one that has none gets its number.
        kind: what the numbers are, which decides the colours.
        note: the number that belongs to it, in a sentence or less.
        scale: panels of one word here share one scale; empty for a scale of its own.
        classes: of `class` and `mask` maps, what each number is called.
    """

    title: Words
    maps: Tensor | Packed
    names: Sequence[str] = ()
    kind: Kind = "map"
    note: Words = ""
    scale: str = ""
    classes: Sequence[Words] = ()


@dataclass(frozen=True)
class Panels:
    """Panels side by side, with one pointer in all that are alike.

    Attributes:
        key: names them on the page.
        height_px: how tall the maps of one panel may stand.
        columns: how many panels stand beside one another where there is room.
        region: the field that a rectangle drawn on the pictures sets, with its present value in
            thousandths: top, left, bottom, right.
    """

    key: str
    panels: Sequence[Panel]
    height_px: int = 320
    columns: int = 3
    region: tuple[str, tuple[int, int, int, int]] | None = None


@dataclass(frozen=True)
class Reading:
    """One layer in a stepper: what it is called, how it steps, and its numbers.

    Attributes:
        title: what stands above it.
        stride: pixels from one window to the next, 1 to 8.
        padding: rows and columns of zeros around the input, fewer than the kernel has.
        weights: `(O, C, k, k)`, k at most 3.
        outputs: `(O, h', w')`, what the layer made of the input; said to differ where it is not
            the sum of what the window reads.
        note: a few words beside the title.
    """

    title: Words
    stride: int
    padding: int
    weights: Any
    outputs: Any
    note: Words = ""


@dataclass(frozen=True)
class Stepper:
    """Layers that move over the same input, one number at a time.

    Attributes:
        inputs: `(C, h, w)`, h and w at most 16, C at most 4.
        colour: whether the planes are the red, green and blue of a picture, in [0, 1].
    """

    key: str
    inputs: Any
    readings: Sequence[Reading]
    channel_names: Sequence[Words]
    output_names: Sequence[Words]
    colour: bool
    alt: Text


@dataclass(frozen=True)
class Button:
    """One click to another Setting, or another view."""

    label: Text
    fields: Mapping[str, object]


@dataclass(frozen=True)
class Download:
    """A file that is made when it is asked for."""

    label: Text
    file_name: str
    mime: str
    make: Callable[[], bytes]


@dataclass(frozen=True)
class Columns:
    """Blocks side by side, in columns of these relative widths, or all of one."""

    columns: Sequence[Sequence[Block]]
    widths: Sequence[float] = ()
    align: Literal["top", "center"] = "top"


Block = Prose | Table | Metrics | Chart | Panels | Stepper | Button | Download | Columns


def with_arrays(found: Any, panel: Callable[[Panel], Panel]) -> Any:
    """The same data with its tensors as arrays, and every Panel as `panel` has it.

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
