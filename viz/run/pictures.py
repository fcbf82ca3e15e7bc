"""Pictures as PNG, cached because every visitor's gallery and canvas show the same ones."""

from __future__ import annotations

from collections.abc import Hashable

from viz import images
from viz.bounded_cache import BoundedCache
from viz.images import Picture
from viz.run.buffer import Buffer
from viz.run.building import sized

_PNGS: BoundedCache[Hashable, Buffer] = BoundedCache(32 * 2**20, size_of=len)
THUMBNAIL_PX = 144  # twice what the gallery shows, for fine screens


def png_key(picture: Picture, size_px: int, *, thumbnail: bool = False) -> Hashable:
    """Equal for equal PNGs."""
    return picture.key, size_px, thumbnail


def ready_png(key: Hashable) -> Buffer | None:
    """The PNG that is cached under a key of `png_key`; nothing is computed."""
    return _PNGS.get(key)


def png(picture: Picture, size_px: int, *, thumbnail: bool = False) -> Buffer:
    """A picture as PNG, cached.

    Args:
        size_px: the working size, or the side of a thumbnail.
        thumbnail: a small square of the middle.
    """
    key = png_key(picture, size_px, thumbnail=thumbnail)
    kept = _PNGS.get(key)
    if kept is None:
        small = images.thumbnail if thumbnail else _at_working_size
        kept = Buffer(small(picture, size_px))
        _PNGS.put(key, kept)
    return kept


def _at_working_size(picture: Picture, size_px: int) -> bytes:
    return images.png(sized(picture, size_px).pixels)
