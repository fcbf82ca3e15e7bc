"""Output sizes and receptive fields in integers, one axis at a time and both together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

Interval = tuple[int, int]  # first and last position, both included


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

    >>> field = ReceptiveField().then(Window(3, 1, 1), Window(5, 1, 2))
    >>> field.size, field.rows.seen(0), field.columns.seen(0)
    ((3, 5), (-1, 1), (-2, 2))
    """

    size: tuple[int, int] = (1, 1)
    stride: tuple[int, int] = (1, 1)
    padding: tuple[int, int] = (0, 0)
    aligned: bool = True
    boxes: tuple[ReceptiveField, ...] = ()

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


def union(fields: Sequence[ReceptiveField]) -> ReceptiveField:
    """The field of a unit that reads what units of several branches read at the same place.

    Args:
        fields: those of the branches, in one input.

    Returns:
        The smallest box that holds all of theirs. `aligned` says whether they have one centre, and
        `boxes` holds those that differ.

    Raises:
        ValueError: if the boxes move by different strides, so that no box moves with all of them.

    >>> field = union([ReceptiveField(), ReceptiveField((3, 3), padding=(1, 1))])
    >>> field.size, field.padding, field.aligned, len(field.boxes)
    ((3, 3), (1, 1), True, 2)
    """
    boxes = tuple(dict.fromkeys(box for field in fields for box in field.boxes or (field,)))
    if len({box.stride for box in boxes}) != 1:
        strides = ", ".join(str(box.stride) for box in boxes)
        raise ValueError(f"branches of the strides {strides} look at no common box")
    if len(boxes) == 1:
        return boxes[0]
    rows, columns = (_hull([(box.rows, box.columns)[axis] for box in boxes]) for axis in (0, 1))
    return ReceptiveField(
        size=(rows.size, columns.size),
        stride=boxes[0].stride,
        padding=(rows.padding, columns.padding),
        aligned=len({(box.rows.centre(0), box.columns.centre(0)) for box in boxes}) == 1,
        boxes=boxes,
    )


def _hull(windows: Sequence[Window]) -> Window:
    """The smallest window that holds several of one stride."""
    padding = max(window.padding for window in windows)
    last = max(window.seen(0)[1] for window in windows)
    return Window(last + padding + 1, windows[0].stride, padding)
