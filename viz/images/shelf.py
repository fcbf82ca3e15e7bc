"""Where uploads stand until others need the room, and how the address finds any picture."""

from __future__ import annotations

from viz.bounded import Bounded
from viz.images.picture import Picture
from viz.images.shipped import DRAWINGS, PHOTOGRAPHS, shipped


class Shelf:
    """Uploaded pictures by digest, bounded by the bytes of their pixels.

    Whoever knows a digest, sha-256 of the file, has the file; so it is at once name and key, and
    the shelf never lists any. Safe to use from several threads.

    Args:
        max_bytes: what the pixels of all pictures together may take; the oldest unused go first.

    >>> import torch
    >>> shelf = Shelf(max_bytes=100)
    >>> shelf.put(Picture("dot.png", torch.ones(3, 1, 1), digest="5f" * 32))
    >>> shelf.get("5f" * 32).name, shelf.get("5e" * 32)
    ('dot.png', None)
    """

    def __init__(self, max_bytes: int = 512_000_000) -> None:
        self._pictures: Bounded[str, Picture] = Bounded(max_bytes, lambda each: each.pixels.nbytes)

    def put(self, picture: Picture) -> None:
        """Keeps the picture under its digest."""
        self._pictures.put(picture.digest, picture)

    def get(self, digest: str) -> Picture | None:
        """The picture of this digest, or None: never put here, or gone since."""
        return self._pictures.get(digest)


SHELF = Shelf()


def find(key: str) -> Picture | None:
    """The picture that an address means: a shipped one by slug, an upload by digest.

    Never raises: a key that means nothing, or whose upload has gone since, gives None.

    >>> find("coffee").name, find("../coffee.png")
    ('Cup of coffee', None)
    """
    if key in PHOTOGRAPHS or key in DRAWINGS:
        return shipped(key)
    return SHELF.get(key)
