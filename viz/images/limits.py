"""Limits that are checked before anything is decoded, so that no file can exhaust the machine.

Each limit is just above what honest files need, and was found by making a file that passes it.
"""

from __future__ import annotations

import struct
from io import BytesIO

from PIL import Image, TiffImagePlugin

from viz.text import Text, text

MAX_BYTES = 20 * 2**20  # 20 MB as the browser's own limit counts them
MAX_PIXELS = 64_000_000  # the largest full-frame cameras; a PNG of a few kB can claim 900 million
MAX_DEEP_PIXELS = 16_000_000  # of more than 8 bits, which take four times the memory
MAX_ASPECT = 100
MAX_READS = 1_000_000  # 20 MB of empty PNG chunks or JPEG segments are ten seconds of reading
MAX_SCANS = 500  # a JPEG's passes over the picture: one of 120 bytes takes as long as any other
MAX_PIECES = 100_000  # strips or tiles of a TIFF: five million fit in 20 MB and take 1.5 GB

TOO_MANY_PIXELS = text(
    "has more than {n} megapixels: export a smaller copy", n=MAX_PIXELS // 1_000_000
)
TOO_MANY_PIECES = text("is cut into too many pieces: save it again as PNG or JPEG")


class Refused(Exception):
    """Raised when a file is refused: the sentence without its beginning, the file's name."""

    def __init__(self, reason: Text) -> None:
        super().__init__(str(reason))
        self.reason = reason


class Reader(BytesIO):
    """The bytes of a file; `Refused` is raised when it is read in more than `MAX_READS` pieces.

    >>> Reader(b"abc").read(2)
    b'ab'
    """

    reads_left = MAX_READS

    def read(self, size: int | None = -1, /) -> bytes:
        self.reads_left -= 1
        if self.reads_left < 0:
            raise Refused(TOO_MANY_PIECES)
        return super().read(size)


def check_bytes(data: bytes) -> None:
    """Checks a whole file without Pillow.

    Raises:
        Refused: if it is empty, larger than `MAX_BYTES`, or made to keep the machine busy.

    >>> check_bytes(b"")
    Traceback (most recent call last):
    ...
    viz.images.limits.Refused: is empty: choose the file again
    """
    if not data:
        raise Refused(text("is empty: choose the file again"))
    if len(data) > MAX_BYTES:
        raise Refused(text("is larger than {n} MB: export a smaller copy", n=MAX_BYTES // 2**20))
    if data.startswith(b"\xff\xd8") and data.count(b"\xff\xda") > MAX_SCANS:
        raise Refused(TOO_MANY_PIECES)
    if data.startswith(tuple(TiffImagePlugin.PREFIXES)) and _pieces(data) > MAX_PIECES:
        raise Refused(TOO_MANY_PIECES)


def check_size(image: Image.Image) -> None:
    """Checks an opened picture before its pixels are decoded.

    Raises:
        Refused: if it, or one tile of it, has too many pixels, or if it is too narrow.

    >>> check_size(Image.new("1", (65_535, 1)))
    Traceback (most recent call last):
    ...
    viz.images.limits.Refused: is 65,535 × 1 pixels, a line and not a picture: crop it nearer to a square
    """
    width, height = image.size
    tags = getattr(image, "tag_v2", {})  # a tile may be far larger than the picture it is cut from
    tile = tags.get(TiffImagePlugin.TILEWIDTH, 1) * tags.get(TiffImagePlugin.TILELENGTH, 1)
    if max(width * height, tile) > MAX_PIXELS:
        raise Refused(TOO_MANY_PIXELS)
    if image.mode.startswith(("I", "F")) and width * height > MAX_DEEP_PIXELS:
        limit = "has more than {n} megapixels of more than 8 bits: export a smaller copy"
        raise Refused(text(limit, n=MAX_DEEP_PIXELS // 1_000_000))
    if max(width, height) > MAX_ASPECT * min(width, height):
        line = "is {width} × {height} pixels, a line and not a picture: crop it nearer to a square"
        raise Refused(text(line, width=f"{width:,}", height=f"{height:,}"))


def _pieces(data: bytes) -> int:
    """The number of strips or tiles that a TIFF declares; `struct.error` if the file is cut off."""
    order = "<" if data.startswith(b"II") else ">"
    big = b"+" in data[2:4]  # 43 instead of 42: the variant with offsets of 8 bytes
    start, entries, entry = ("8xQ", "Q", "HHQ8x") if big else ("4xI", "H", "HHI4x")
    (at,) = struct.unpack_from(order + start, data)
    (count,) = struct.unpack_from(order + entries, data, at)
    at += struct.calcsize(order + entries)
    size = struct.calcsize(order + entry)
    whole = min(count, (len(data) - at) // size) * size
    tags = struct.iter_unpack(order + entry, data[at : at + whole])
    offsets = (TiffImagePlugin.STRIPOFFSETS, TiffImagePlugin.TILEOFFSETS)
    return max((values for tag, _, values in tags if tag in offsets), default=0)
