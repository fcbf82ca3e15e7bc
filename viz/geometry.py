"""Output sizes and receptive fields in integers, one axis at a time and both together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

Interval = tuple[int, int]  # first and last position, both included
Certainty = Literal["exact", "upper bound", "depends on the data"]


def output_size(
    length: int,
    kernel: int,
    stride: int = 1,
    padding_before: int = 0,
    padding_after: int = 0,
    dilation: int = 1,
    *,
    ceil_mode: bool = False,
) -> int:
    """The number of positions of a sliding kernel along one axis.

    floor((length + padding_before + padding_after − dilation·(kernel − 1) − 1) / stride) + 1

    Args:
        length: positions of the input.
        kernel: positions the kernel reads.
        stride: step from one window to the next; it need not divide, a remainder stays unread.
        padding_before: positions added before the input; a negative number cuts positions off.
        padding_after: positions added after the input, likewise.
        dilation: step from one position the kernel reads to the next.
        ceil_mode: round up, so that the last window may reach beyond the input, as in torch's pools;
            no window starts after the input and the padding before it.

    Returns:
        The number of windows, at least 1.

    Raises:
        ValueError: if the kernel does not fit, or a size is not positive.

    Source: Dumoulin, Visin 2016, "A guide to convolution arithmetic", relationships 6 and 15.

    >>> output_size(224, kernel=7, stride=2, padding_before=3, padding_after=3)
    112
    """
    if min(length, kernel, stride, dilation) < 1:
        raise ValueError(
            f"length {length}, kernel {kernel}, stride {stride} and dilation {dilation} "
            "must all be at least 1"
        )
    padded = length + padding_before + padding_after
    dilated = dilation * (kernel - 1) + 1
    places = (padded - dilated + (stride - 1 if ceil_mode else 0)) // stride + 1
    if ceil_mode and (places - 1) * stride >= length + padding_before:
        places -= 1
    if places < 1:
        raise ValueError(
            f"a kernel of {kernel} spanning {dilated} does not fit into {padded} positions "
            f"({length} and {padding_before} + {padding_after} of padding)"
        )
    return places


@dataclass(frozen=True)
class Window:
    """What the units of a map see along one axis. By default a unit sees only itself.

    Unit u sees u·stride − padding to u·stride − padding + size − 1.

    Args:
        size: positions a unit sees, first to last.
        stride: how far the view moves from one unit to the next.
        padding: how far the view of unit 0 starts before position 0.

    Raises:
        ValueError: if size or stride is not positive.

    Source: Araujo, Norris, Sim 2019, "Computing Receptive Fields of Convolutional Neural
    Networks", Distill.

    >>> Window(size=3, padding=1).then(Window(size=2, stride=2))       # 3×3, then pool by 2
    Window(size=4, stride=2, padding=1)
    """

    size: int = 1
    stride: int = 1
    padding: int = 0

    def __post_init__(self) -> None:
        if self.size < 1 or self.stride < 1:
            raise ValueError(f"size {self.size} and stride {self.stride} must be at least 1")

    def then(self, other: Window) -> Window:
        """What the units of a layer with the window `other` see when it follows this one."""
        return Window(
            size=self.size + (other.size - 1) * self.stride,
            stride=self.stride * other.stride,
            padding=self.padding + other.padding * self.stride,
        )

    def seen(self, unit: int) -> Interval:
        """First and last position that `unit` sees; they may lie outside the input.

        >>> Window(size=3, stride=2, padding=1).seen(4)
        (7, 9)
        """
        first = unit * self.stride - self.padding
        return first, first + self.size - 1

    def seen_by(self, position: int) -> range:
        """The units that see `position`, of a map without an end; empty between two windows.

        >>> Window(size=3, stride=2, padding=1).seen_by(7), Window(stride=4).seen_by(7)
        (range(3, 5), range(2, 2))
        """
        last = (position + self.padding) // self.stride
        return range(-((self.size - 1 - position - self.padding) // self.stride), last + 1)

    def centre(self, unit: int) -> float:
        """The middle of what `unit` sees: a position, or half-way between two.

        >>> Window(size=4, stride=2, padding=1).centre(0)
        0.5
        """
        first, last = self.seen(unit)
        return (first + last) / 2


def clipped(interval: Interval, length: int) -> Interval | None:
    """The part of an interval inside positions 0 to length − 1; None if there is none.

    >>> clipped((-3, 3), 112), clipped((-3, -1), 112)
    ((0, 3), None)
    """
    first, last = max(interval[0], 0), min(interval[1], length - 1)
    return (first, last) if first <= last else None


def never_read(length: int, outputs: int, window: Window) -> tuple[range, ...]:
    """The positions that no output sees: between windows, and after the last one.

    A window counts as seen from end to end. If an earlier layer leaves holes in it (dilation, or
    a stride larger than its kernel), more positions than these are never read.

    Args:
        length: positions of the input.
        outputs: units of the map, at least 1.
        window: what they see of the input.

    Returns:
        Non-empty ranges in ascending order; their lengths add up to the number of positions.

    Raises:
        ValueError: if length or outputs is not positive.

    >>> never_read(8, 3, Window(size=1, stride=3))              # sees 0, 3 and 6
    (range(1, 3), range(4, 6), range(7, 8))
    """
    if min(length, outputs) < 1:
        raise ValueError(f"length {length} and outputs {outputs} must be at least 1")
    if window.size >= window.stride:
        seen = [(window.seen(0)[0], window.seen(outputs - 1)[1])]
    else:
        seen = [window.seen(unit) for unit in range(outputs)]
    starts = [0, *(last + 1 for _, last in seen)]
    stops = [*(first for first, _ in seen), length]
    gaps = (
        range(max(start, 0), min(stop, length)) for start, stop in zip(starts, stops, strict=True)
    )
    return tuple(gap for gap in gaps if gap)


@dataclass(frozen=True)
class ReceptiveField:
    """What one unit of a map sees of the picture: a box that moves with the unit.

    Unit (u, v) sees rows u·stride − padding to u·stride − padding + size − 1, each taken at
    `[0]`, and columns likewise with v at `[1]`.

    Args:
        size: (height, width) of the box in pixels.
        stride: (down, right), pixels from one unit's box to the next one's.
        padding: (top, left), how far the box of unit (0, 0) starts outside the picture.
        aligned: whether all branches of the network look at the same centre.
        boxes: one field a branch where they differ; the field itself holds them all.
        certainty: "exact" if each unit whose box lies inside the picture reads pixels at all four
            sides of it, for weights other than 0; "upper bound" if it may read less, but nothing
            outside; "depends on the data" if the data choose what is read of the box.

    >>> field = ReceptiveField().then(Window(3, 1, 1), Window(5, 1, 2))
    >>> field.size, field.rows.seen(0), field.columns.seen(0)
    ((3, 5), (-1, 1), (-2, 2))
    """

    size: tuple[int, int] = (1, 1)
    stride: tuple[int, int] = (1, 1)
    padding: tuple[int, int] = (0, 0)
    aligned: bool = True
    boxes: tuple[ReceptiveField, ...] = ()
    certainty: Certainty = "exact"

    @property
    def rows(self) -> Window:
        """The vertical axis alone."""
        return Window(self.size[0], self.stride[0], self.padding[0])

    @property
    def columns(self) -> Window:
        """The horizontal axis alone."""
        return Window(self.size[1], self.stride[1], self.padding[1])

    def then(self, rows: Window, columns: Window) -> ReceptiveField:
        """The field after one more layer, a unit of which sees `rows` and `columns`."""
        down, right = self.rows.then(rows), self.columns.then(columns)
        return replace(
            self,
            size=(down.size, right.size),
            stride=(down.stride, right.stride),
            padding=(down.padding, right.padding),
            boxes=tuple(box.then(rows, columns) for box in self.boxes),
        )

    def at_most(self) -> ReceptiveField:
        """The same box as an upper bound, if it was exact.

        >>> ReceptiveField().at_most().certainty
        'upper bound'
        """
        return replace(self, certainty="upper bound") if self.certainty == "exact" else self


def union(
    fields: Sequence[ReceptiveField], extent: tuple[int, int] | None = None
) -> ReceptiveField:
    """The field of a unit that reads what the same unit of several branches reads.

    Args:
        fields: those of the branches in one input, at least one.
        extent: (height, width) of their maps, for branches of different strides.

    Returns:
        The smallest box that holds all of theirs. `boxes` has one field a branch, without
        repetitions. Branches of different strides drift apart from unit to unit: then the box is an
        upper bound that holds those of every unit.

    Raises:
        ValueError: if the strides are different and the extent is not given.

    >>> field = union([ReceptiveField(), ReceptiveField((3, 3), padding=(1, 1))])
    >>> field.size, field.padding, field.aligned, len(field.boxes)
    ((3, 3), (1, 1), True, 2)
    """
    boxes = tuple(dict.fromkeys(replace(field, boxes=()) for field in fields))
    if len(boxes) == 1:
        return fields[0]
    if extent is None and len({box.stride for box in boxes}) != 1:
        strides = ", ".join(str(box.stride) for box in boxes)
        raise ValueError(f"branches of the strides {strides} look at no common box")
    units = extent or (1, 1)
    rows = hull([box.rows for box in boxes], units[0])
    columns = hull([box.columns for box in boxes], units[1])
    return ReceptiveField(
        size=(rows.size, columns.size),
        stride=(rows.stride, columns.stride),
        padding=(rows.padding, columns.padding),
        aligned=all(box.aligned for box in boxes) and len({_centres(box) for box in boxes}) == 1,
        boxes=boxes,
        certainty=_least_certain(boxes),
    )


def hull(windows: Sequence[Window], units: int) -> Window:
    """The smallest window that holds several ones at every one of `units` units.

    It moves with one of their strides, the one that makes it smallest.

    >>> hull([Window(3, 2, 1), Window(2, 2)], units=5), hull([Window(stride=2), Window()], units=5)
    (Window(size=3, stride=2, padding=1), Window(size=5, stride=1, padding=0))
    """
    strides = sorted({window.stride for window in windows})
    seen = [(unit, *window.seen(unit)) for window in windows for unit in (0, units - 1)]
    return min((covering(seen, stride) for stride in strides), key=lambda window: window.size)


def covering(seen: Sequence[tuple[int, int, int]], stride: int) -> Window:
    """The smallest window of a stride in which units see given intervals.

    Args:
        seen: a unit, and the first and the last position that it sees.
        stride: of the window.

    >>> covering([(0, 0, 2), (1, 2, 5), (2, 5, 7)], stride=2)
    Window(size=4, stride=2, padding=0)
    """
    padding = max(unit * stride - first for unit, first, _ in seen)
    return Window(
        max(last - unit * stride for unit, _, last in seen) + padding + 1, stride, padding
    )


def _centres(field: ReceptiveField) -> tuple[float, float, tuple[int, int]]:
    return field.rows.centre(0), field.columns.centre(0), field.stride


def _least_certain(fields: Sequence[ReceptiveField]) -> Certainty:
    if any(field.certainty == "depends on the data" for field in fields):
        return "depends on the data"
    drift = len({field.stride for field in fields}) > 1
    exact = not drift and all(field.certainty == "exact" for field in fields)
    return "exact" if exact else "upper bound"
