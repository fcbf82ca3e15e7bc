"""The positions read along one axis, traced back through the layers one by one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from viz.geometry import Window, never_read
from viz.layers.sliding import position_read

Read = bytes  # 1 for every position that is read, else 0


class Step(NamedTuple):
    """One layer along one axis.

    Attributes:
        length: positions of its input.
        units: positions of its output.
        window: the positions of the input that a unit reads, first to last.
        dilation: the step from one position it reads to the next.
        border: the padding: "zeros", or copies of the inside, "replicate" or "reflect".
    """

    length: int
    units: int
    window: Window
    dilation: int
    border: str

    @property
    def fills_its_box(self) -> bool:
        """Whether a unit reads every position of its window in the map, and no other."""
        first, last = self.window.seen(0)[0], self.window.seen(self.units - 1)[1]
        beyond = max(-first, last - self.length + 1)
        mirrored = self.border == "reflect" and 2 * beyond < self.window.size
        return self.dilation == 1 and (self.border == "zeros" or mirrored)

    @property
    def reaches_out(self) -> bool:
        """Whether a unit's window begins or ends outside the map."""
        return self.window.seen(0)[0] < 0 or self.window.seen(self.units - 1)[1] >= self.length

    @property
    def reads_its_place(self) -> bool:
        """Whether unit u reads position u, for every u."""
        size, stride, padding = self.window.size, self.window.stride, self.window.padding
        taps = range(0, size, self.dilation)
        return self.units == self.length and stride == 1 and padding in taps

    @property
    def picks(self) -> bool:
        """Whether every unit reads one position inside the map, as a strided 1×1 does."""
        first, last = self.window.seen(0)[0], self.window.seen(self.units - 1)[0]
        return self.window.size == 1 and first >= 0 and last < self.length

    def read_by(self, wanted: Read) -> Read:
        """The positions that the wanted units read, without padding."""
        first, last = self.window.seen(0)
        read = 0
        for tap in range(first, last + 1, self.dilation):
            read |= int.from_bytes(self._met_by(tap, wanted), "big")
        return read.to_bytes(self.length, "big")

    def _met_by(self, tap: int, wanted: Read) -> bytearray:
        """The positions that the wanted units read with one tap, which is at `tap` in unit 0."""
        met, stride = bytearray(self.length), self.window.stride
        start = min(self.units, max(0, -(tap // stride)))  # the first unit whose tap is inside
        stop = max(start, min(self.units, -((tap - self.length) // stride)))
        places = range(tap, tap + self.units * stride, stride)
        if start < stop:
            met[places[start] : places[stop - 1] + 1 : stride] = wanted[start:stop]
        for unit in (*range(start), *range(stop, self.units)):
            copied = position_read(places[unit], self.length, self.border)
            if copied is not None:
                met[copied] |= wanted[unit]
        return met


class Parts(NamedTuple):
    """Adaptive pooling along one axis: the units share the positions, some of them in two.

    Attributes:
        length: positions of its input.
        units: positions of its output.
        window: a box that holds what each unit reads.
    """

    length: int
    units: int
    window: Window

    @property
    def fills_its_box(self) -> bool:
        """Whether all units read as many positions."""
        return self.length % self.units == 0

    @property
    def reaches_out(self) -> bool:
        """No window leaves the map."""
        return False

    @property
    def reads_its_place(self) -> bool:
        """Whether unit u reads position u, for every u."""
        return self.length == self.units

    @property
    def picks(self) -> bool:
        """Whether every unit reads one position."""
        return self.length == self.units

    def read_by(self, wanted: Read) -> Read:
        """The positions that the wanted units read."""
        read = bytearray(self.length)
        for unit in (unit for unit, one in enumerate(wanted) if one):
            start = unit * self.length // self.units
            stop = -(-(unit + 1) * self.length // self.units)
            read[start:stop] = bytes([1]) * (stop - start)
        return bytes(read)


AxisStep = Step | Parts


class Axis(NamedTuple):
    """The rows or the columns of a picture, and the layers so far that change them.

    Attributes:
        length: positions of the picture.
        steps: the layers along the axis.
    """

    length: int
    steps: tuple[AxisStep, ...] = ()

    @property
    def units(self) -> int:
        """Positions of the last map."""
        return self.steps[-1].units if self.steps else self.length

    @property
    def window(self) -> Window:
        """The box of a unit of the last map."""
        window = Window()
        for step in self.steps:
            window = window.then(step.window)
        return window

    @property
    def read(self) -> Read:
        """The positions that any unit of the last map reads."""
        return self.read_by(bytes([1]) * self.units)

    def read_by(self, wanted: Read) -> Read:
        """The positions that the wanted units of the last map read."""
        for step in reversed(self.steps):
            wanted = step.read_by(wanted)
        return wanted

    @property
    def is_filled(self) -> bool:
        """Whether every unit reads all of its box that lies in the picture."""
        window = Window()
        for step in self.steps:
            apart = step.window.size > 1 and window.size < window.stride
            pads = step is not self.steps[0] and step.reaches_out  # padding hides what lies there
            if not step.fills_its_box or apart or pads:
                return False
            window = window.then(step.window)
        return True

    def goes_on_from(self, other: Axis) -> bool:
        """Whether it is the other one, with layers after it whose units also read their own place.

        So it reads all that the other one reads, as the branch of a residual block does beside its
        shortcut.
        """
        steps = len(other.steps)
        same = self.length == other.length and self.steps[:steps] == other.steps
        return same and all(step.reads_its_place for step in self.steps[steps:])

    def then(self, step: AxisStep) -> Axis:
        """The axis after one more layer."""
        return Axis(self.length, (*self.steps, step))

    def box(self, unit: int) -> tuple[int, Read]:
        """The start of a unit's box, and the positions that it reads, none outside the picture."""
        first, last = self.window.seen(unit)
        read = self.read_by(bytes(one == unit for one in range(self.units)))
        places = range(first, last + 1)
        return first, bytes(read[p] if 0 <= p < self.length else 0 for p in places)


Rectangles = tuple[tuple[Axis, Axis], ...]  # rows and columns that cross; several after branches


def united(branches: Sequence[Rectangles]) -> Rectangles:
    """What any of several branches reads, without what another one holds."""
    kept: list[tuple[Axis, Axis]] = []
    for each in dict.fromkeys(each for branch in branches for each in branch):
        if not any(_holds(other, each) for other in kept):
            kept = [*(other for other in kept if not _holds(each, other)), each]
    return tuple(kept)


def _holds(one: tuple[Axis, Axis], other: tuple[Axis, Axis]) -> bool:
    """Whether every unit of one reads all that the same unit of the other reads."""
    for outer, inner in zip(one, other, strict=True):
        (first, last), (start, end) = outer.window.seen(0), inner.window.seen(0)
        within = outer.window.stride == inner.window.stride and first <= start and end <= last
        if not (outer.goes_on_from(inner) or (within and outer.is_filled)):
            return False
    return True


@lru_cache(maxsize=512)  # a canvas needs it at every step of a slider
def beyond_boxes(axes: tuple[Axis, ...], window: Window) -> str:
    """A 1 for every position that is read along one of several axes, else a 0.

    Args:
        axes: one, or those of several branches, with equally many units.
        window: the box of a unit, which holds those of all branches.

    Returns:
        An empty string if the boxes are exact.
    """
    if len(axes) == 1 and _is_exact(axes[0]):
        return ""
    boxes = bytearray([1]) * axes[0].length
    for gap in never_read(axes[0].length, axes[0].units, window):
        boxes[gap.start : gap.stop] = bytes(len(gap))
    read = bytes(map(max, zip(*(axis.read for axis in axes), strict=True)))
    return "" if read == boxes else "".join(map(str, read))


def _is_exact(axis: Axis) -> bool:
    first, others = axis.steps[:1], axis.steps[1:]
    return all(step.fills_its_box for step in first) and all(step.picks for step in others)
