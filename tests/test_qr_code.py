"""QR codes: read back by a decoder of the few steps that need no error correction."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator

import pytest

from viz.qr_code import QUIET, modules, svg

ADDRESSES = [
    "http://127.0.0.1:8501/",
    "https://lab.example.org/strided?lang=zh-Hans&stride=3",
]
# Masks of ISO/IEC 18004, at row i and column j.
MASKS = [
    lambda i, j: (i + j) % 2,
    lambda i, _: i % 2,
    lambda _, j: j % 3,
    lambda i, j: (i + j) % 3,
    lambda i, j: (i // 2 + j // 3) % 2,
    lambda i, j: i * j % 2 + i * j % 3,
    lambda i, j: (i * j % 2 + i * j % 3) % 2,
    lambda i, j: ((i + j) % 2 + i * j % 3) % 2,
]


def drawn(code: bytes) -> list[list[int]]:
    """The modules of an SVG without its quiet zone, by filling the rectangles of its path."""
    root = ElementTree.fromstring(code)
    side = int(root.attrib["viewBox"].split()[2])
    rows = [[0] * side for _ in range(side)]
    for run in root[-1].attrib["d"].split("z")[:-1]:
        place, width = run.removeprefix("M").removesuffix("v1" + run[run.rindex("h") :]).split("h")
        left, top = map(int, place.split())
        for column in range(left, left + int(width)):
            rows[top][column] += 1
    assert not any(rows[0] + rows[QUIET - 1] + rows[-QUIET] + rows[-1]), "the quiet zone is white"
    return [row[QUIET:-QUIET] for row in rows[QUIET:-QUIET]]


def _reserved(side: int, i: int, j: int) -> bool:
    """Finders with formats, timing, and the one alignment mark of versions 2 to 6."""
    corner = (i < 9 and (j < 9 or j >= side - 8)) or (i >= side - 8 and j < 9)
    mark = side > 21 and side - 9 <= i < side - 4 and side - 9 <= j < side - 4
    return corner or mark or 6 in (i, j)


def _bits(rows: list[list[int]]) -> Iterator[int]:
    """The unmasked modules in the order of the standard: two columns at a time, up and down."""
    side = len(rows)
    mask = MASKS[(rows[8][2] << 2 | rows[8][3] << 1 | rows[8][4]) ^ 0b101]
    columns = [right for right in range(side - 1, 0, -2) if right > 6]
    columns += [right - 1 for right in range(6, 0, -2)]
    for n, right in enumerate(columns):
        for i in range(side) if n % 2 else reversed(range(side)):
            for j in (right, right - 1):
                if not _reserved(side, i, j):
                    yield rows[i][j] ^ (not mask(i, j))


def decoded(rows: list[list[int]]) -> str:
    """The text of a code in byte mode with a single block, as all up to version 5 are at level L."""
    bits = _bits(rows)

    def taken(count: int) -> int:
        return int("".join(str(int(next(bits))) for _ in range(count)), 2)

    assert taken(4) == 0b0100, "byte mode"
    return bytes(taken(8) for _ in range(taken(8))).decode()


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_code_says_its_address(address: str):
    rows = drawn(svg(address))
    assert rows == [list(row) for row in modules(address)]
    assert decoded(rows) == address


def test_what_no_code_can_hold_is_refused():
    with pytest.raises(ValueError, match="too large"):
        modules("a" * 3000)
