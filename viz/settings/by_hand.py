"""Controls of what is set on the picture or the matrix itself."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from typing import cast

from viz.settings.controls import Control, Value

CellValues = tuple[tuple[int, int, int], ...]  # row, column, value in thousandths
# class, top, left, bottom, right; the edges in thousandths of the picture
BoxValues = tuple[tuple[int, int, int, int, int], ...]
PlacedValues = tuple[tuple[int, int, int], ...]  # kind, row, column

MAX_CELLS = 64 * 64
MAX_BOXES = 16
MAX_PLACED = 12
_CELL = re.compile(r"(\d{1,2})\.(\d{1,2})\.(-?\d{1,5})", re.ASCII)
_BOX = re.compile(r"(\d)\.(\d{1,4})\.(\d{1,4})\.(\d{1,4})\.(\d{1,4})", re.ASCII)
_PLACED = re.compile(r"(\d{1,3})\.(\d{1,3})\.(\d{1,3})", re.ASCII)


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
