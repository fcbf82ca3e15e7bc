"""A Setting: the plain values that a visitor chooses, and how the address holds them.

Every field of a Setting is declared once, by `field` and a Control: a class for each kind of
control, with its own reading and its own limits. A field's name is the widget's key, the parameter
of the address and that of the route.
"""

from __future__ import annotations

import dataclasses
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType
from typing import Any, ClassVar, Generic, NamedTuple, ParamSpec, Self, TypeVar, cast

from viz.text import Text, text

Value = TypeVar("Value")
Key = TypeVar("Key", str, int)
Given = ParamSpec("Given")
CellValues = tuple[tuple[int, int, int], ...]  # row, column, value in thousandths
# class, top, left, bottom, right; the edges in thousandths of the picture
BoxValues = tuple[tuple[int, int, int, int, int], ...]


class Layer(NamedTuple):
    """One layer of a stack that a visitor builds.

    Attributes:
        kind: "c" a convolution, "d" a depthwise one, "m" a max pool, "a" an average pool.
        kernel: rows and columns of its window.
        stride: positions from one window to the next.
        before, after: rows and columns of padding above and left, and below and right.
        dilation: positions from one tap of the window to the next.
    """

    kind: str
    kernel: int
    stride: int = 1
    before: int = 0
    after: int = 0
    dilation: int = 1

    @property
    def span(self) -> int:
        """Positions from the first tap of the window to the last."""
        return self.dilation * (self.kernel - 1) + 1

    @property
    def is_pool(self) -> bool:
        """Whether it has no weights."""
        return self.kind in "ma"


LayerValues = tuple[Layer, ...]
# kind, row, column
PlacedValues = tuple[tuple[int, int, int], ...]

MAX_CELLS = 64 * 64
_NUMBER = re.compile(r"-?\d{1,6}(\.\d{1,6})?", re.ASCII)
MAX_BOXES = 16
MAX_LAYERS = 64
MAX_PLACED = 12
_PLACED = re.compile(r"(\d{1,3})\.(\d{1,3})\.(\d{1,3})", re.ASCII)
_CELL = re.compile(r"(\d{1,2})\.(\d{1,2})\.(-?\d{1,5})", re.ASCII)
_LAYER = re.compile(r"([cdma])" + r"\.(\d{1,2})" * 5, re.ASCII)
_BOX = re.compile(r"(\d)\.(\d{1,4})\.(\d{1,4})\.(\d{1,4})\.(\d{1,4})", re.ASCII)


class Allowed(NamedTuple):
    """The current limits of a control, if they depend on other controls.

    Attributes:
        options: the options of a Choice that are available; empty if all are.
        most: the largest value of a Slider; None for the slider's own limit.
    """

    options: tuple[str | int, ...] = ()
    most: float | None = None


ANY = Allowed()


@dataclass(frozen=True)
class Control(Generic[Value]):
    """The values that a field may have, and its label.

    Attributes:
        default: the value if the address has none.
        label: the control's name, in English; translated where it is shown.
        help: the help text, likewise.
        affects_canvas: whether the maps on the canvas depend on it.
    """

    default: Value
    label: str = dataclasses.field(default="", kw_only=True)
    help: str = dataclasses.field(default="", kw_only=True)
    affects_canvas: bool = dataclasses.field(default=True, kw_only=True)

    def read(self, text: str) -> Value | None:
        """The value of `text`; None if it is not an allowed value."""
        raise NotImplementedError

    def within(self, allowed: Allowed) -> Self:
        """The control restricted to what is allowed now."""
        return self

    def in_words(self, value: Value) -> Text:
        """A value as the stage bar shows it."""
        return Text(as_text(value))


@dataclass(frozen=True)
class Slider(Control[Value]):
    """A number between `low` and `high`, in steps; an int if the default is one.

    `zero` is the meaning of 0 if it is not a number, such as `all`. If the numbers only count steps,
    `words` are the meanings of all of them, from `low` on.
    """

    low: float
    high: float
    step: float = dataclasses.field(default=1, kw_only=True)
    unit: str = dataclasses.field(default="", kw_only=True)
    zero: str = dataclasses.field(default="", kw_only=True)
    words: tuple[str, ...] = dataclasses.field(default=(), kw_only=True)

    def read(self, text: str) -> Value | None:
        if not _NUMBER.fullmatch(text):
            return None
        steps = (float(text) - self.low) / self.step
        allowed = self.low <= float(text) <= self.high and abs(steps - round(steps)) < 1e-9
        kind = cast(Any, type(self.default))
        return kind(float(text)) if allowed else None

    def within(self, allowed: Allowed) -> Self:
        return self if allowed.most is None else replace(self, high=allowed.most)

    def in_words(self, value: Value) -> Text:
        if self.words:
            return Text(self.words[round((cast(float, value) - self.low) / self.step)])
        return Text(
            self.zero if self.zero and not value else f"{as_text(value)} {self.unit}".strip()
        )


@dataclass(frozen=True)
class Choice(Control[Key]):
    """One of several options, each with its name."""

    options: Mapping[Key, str]

    def read(self, text: str) -> Key | None:
        return {str(value): value for value in self.options}.get(text)

    def within(self, allowed: Allowed) -> Self:
        if not allowed.options:
            return self
        left = {value: word for value, word in self.options.items() if value in allowed.options}
        return replace(self, options=left)

    def in_words(self, value: Key) -> Text:
        return Text(self.options[value])


def numbered(*numbers: int) -> dict[int, str]:
    """Options that are whole numbers.

    >>> numbered(1, 2)
    {1: '1', 2: '2'}
    """
    return {number: str(number) for number in numbers}


@dataclass(frozen=True)
class Switch(Control[bool]):
    """On or off."""

    def read(self, text: str) -> bool | None:
        return {"1": True, "0": False}.get(text)

    def in_words(self, value: bool) -> Text:
        return text("on") if value else text("off")


@dataclass(frozen=True)
class Word(Control[str]):
    """A text that matches the regular expression as a whole; it has no widget of its own."""

    pattern: str

    def read(self, text: str) -> str | None:
        return text if re.fullmatch(self.pattern, text, re.ASCII) else None


@dataclass(frozen=True)
class ByHand(Control[Value]):
    """What is set on the picture or the matrix itself, so that it has neither label nor help."""


@dataclass(frozen=True)
class Cells(ByHand[CellValues]):
    """Cells of a matrix set by hand: row, column and value in thousandths."""

    default: CellValues = ()

    def read(self, text: str) -> CellValues | None:
        parts = text.split("_", MAX_CELLS) if text else []
        read = [_CELL.fullmatch(part) for part in parts]
        if len(read) > MAX_CELLS or not all(read):
            return None
        found = {(int(m[1]), int(m[2])): int(m[3]) for m in read if m}
        return tuple((row, column, value) for (row, column), value in sorted(found.items()))


@dataclass(frozen=True)
class Boxes(ByHand[BoxValues]):
    """Rectangles painted on the picture, each of one of several classes, in the order of painting."""

    default: BoxValues = ()
    classes: tuple[str, ...] = dataclasses.field(default=("A", "B"), kw_only=True)

    def read(self, text: str) -> BoxValues | None:
        parts = text.split("_", MAX_BOXES) if text else []
        read = [_BOX.fullmatch(part) for part in parts]
        found = [tuple(map(int, match.groups())) for match in read if match]
        fits = len(found) == len(parts) <= MAX_BOXES and all(map(self._fits, found))
        return cast(BoxValues, tuple(found)) if fits else None

    def _fits(self, box: tuple[int, ...]) -> bool:
        kind, top, left, bottom, right = box
        return kind < len(self.classes) and top < bottom <= 1000 and left < right <= 1000


@dataclass(frozen=True)
class Layers(Control[LayerValues]):
    """A stack of layers that the visitor builds, in data order; at least one.

    Attributes:
        by_hand: fields that get these values when the stack is changed by hand.
    """

    default: LayerValues = (Layer("c", 3),)
    by_hand: Mapping[str, object] = dataclasses.field(
        default_factory=lambda: MappingProxyType({}), kw_only=True
    )

    # The largest value of each number of a layer, and of what a whole stack may take.
    most: ClassVar[Mapping[str, int]] = MappingProxyType(
        {"kernel": 15, "stride": 8, "before": 14, "after": 14, "dilation": 12}
    )
    most_taps: ClassVar[int] = 1024  # of all windows of one channel together
    most_stride: ClassVar[int] = 256
    most_field_px: ClassVar[int] = 2048

    def read(self, text: str) -> LayerValues | None:
        read = [_LAYER.fullmatch(part) for part in text.split("_", MAX_LAYERS)]
        found = tuple(Layer(m[1], *map(int, m.groups()[1:])) for m in read if m)
        return found if len(found) == len(read) and self.refused(found) is None else None

    def refused(self, layers: LayerValues) -> Text | None:
        """Why a stack cannot be had, in one sentence; None if it can.

        >>> str(Layers().refused((Layer("m", 3, before=2),)))
        'The padding of a pool is at most half of its window.'
        """
        if not 1 <= len(layers) <= MAX_LAYERS:
            return text("A stack has 1 to {most} layers.", most=MAX_LAYERS)
        known = (self._refused_alone(layer) for layer in layers)
        return next((why for why in known if why is not None), self._refused_together(layers))

    def _refused_alone(self, layer: Layer) -> Text | None:
        numbers = layer._asdict()
        least = {"before": 0, "after": 0}
        if not all(least.get(name, 1) <= numbers[name] <= most for name, most in self.most.items()):
            return text("A number of a layer is too large or too small.")
        pads = max(layer.before, layer.after)
        if layer.is_pool and layer.dilation > 1:
            return text("A pool has no dilation here.")
        if layer.is_pool and pads > layer.kernel // 2:
            return text("The padding of a pool is at most half of its window.")
        if pads >= layer.span:
            return text("A window must reach beyond its padding.")
        return None

    def _refused_together(self, layers: LayerValues) -> Text | None:
        size, stride = 1, 1
        for layer in layers:
            size, stride = size + (layer.span - 1) * stride, stride * layer.stride
        if stride > self.most_stride:
            return text("The strides multiply to more than {most}.", most=self.most_stride)
        if size > self.most_field_px:
            return text("The field is larger than {most} pixels.", most=self.most_field_px)
        if sum(layer.kernel**2 for layer in layers) > self.most_taps:
            return text("All windows together have more than {most} taps.", most=self.most_taps)
        return None


@dataclass(frozen=True)
class Placements(ByHand[PlacedValues]):
    """Small pictures placed on a page, in the order of placing: which one, and where.

    Attributes:
        kinds: the number of pictures to choose from.
        rows, columns: the numbers of places down and across.
    """

    default: PlacedValues = ()
    kinds: int = dataclasses.field(default=1, kw_only=True)
    rows: int = dataclasses.field(default=1, kw_only=True)
    columns: int = dataclasses.field(default=1, kw_only=True)

    def read(self, text: str) -> PlacedValues | None:
        parts = text.split("_", MAX_PLACED) if text else []
        read = [_PLACED.fullmatch(part) for part in parts]
        found = [(int(match[1]), int(match[2]), int(match[3])) for match in read if match]
        limits = (self.kinds, self.rows, self.columns)
        inside = all(n < limit for each in found for n, limit in zip(each, limits, strict=True))
        return tuple(found) if inside and len(found) == len(parts) <= MAX_PLACED else None


def field(
    kind: Callable[Given, Control[Value]], *args: Given.args, **kwargs: Given.kwargs
) -> Value:
    """Declares a field of a Setting by its control: the class, then the arguments of the class."""
    control = kind(*args, **kwargs)
    return dataclasses.field(default=control.default, metadata={"control": control})


@dataclass(frozen=True)
class Setting:
    """Base of every lesson's Setting: reads itself from an address and writes itself into one.

    >>> @dataclass(frozen=True)
    ... class Example(Setting):
    ...     stride: int = field(Slider, 2, 1, 8, label="Stride", help="Pixels between reads.")
    >>> Example.from_query({"stride": "3"}), Example.from_query({"stride": "huge"})
    (Example(stride=3), Example(stride=2))
    >>> Example(stride=3).to_query(), Example().to_query()
    ({'stride': '3'}, {})
    """

    @classmethod
    @cache  # needed by every request, and a class does not change
    def controls(cls) -> Mapping[str, Control[Any]]:
        """Every field's control, by name."""
        return MappingProxyType({of.name: of.metadata["control"] for of in dataclasses.fields(cls)})

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Self:
        """The Setting of an address; never raises: a bad value becomes the default."""
        read = {name: of.read(query[name]) for name, of in cls.controls().items() if name in query}
        return cls(**{name: value for name, value in read.items() if value is not None})

    @classmethod
    def invalid_fields(cls, query: Mapping[str, str]) -> list[str]:
        """Names of parameters whose value is not allowed.

        >>> Setting.invalid_fields({"unknown": "parameters are not ours"})
        []
        """
        controls = cls.controls().items()
        return [name for name, of in controls if name in query and of.read(query[name]) is None]

    def to_query(self) -> dict[str, str]:
        """The fields that differ from the default, as in an address."""
        return {
            of.name: as_text(getattr(self, of.name))
            for of in dataclasses.fields(self)
            if getattr(self, of.name) != of.default
        }

    @property
    def digest(self) -> bytes:
        """Equal for equal Settings, and short however many cells are set by hand: a key for caches.

        >>> Setting().digest == Setting().digest, len(Setting().digest)
        (True, 16)
        """
        words = (type(self).__module__, *self.to_query().items())
        return hashlib.blake2b(repr(words).encode(), digest_size=16).digest()


def as_text(value: object) -> str:
    """A value as in the address: only letters, digits, `-`, `_` and `.`.

    >>> as_text(True), as_text(2.5), as_text(3.0), as_text(((0, 1, -500), (2, 2, 1000)))
    ('1', '2.5', '3', '0.1.-500_2.2.1000')
    """
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, tuple):
        return "_".join(".".join(str(number) for number in cell) for cell in value)
    return str(value)
