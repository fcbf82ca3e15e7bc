"""Where uploads stand until others need the room, and how the address finds any picture."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock

from viz.bounded import Bounded
from viz.images.picture import Picture
from viz.images.shipped import DRAWINGS, PHOTOGRAPHS, shipped


@dataclass(frozen=True)
class _Place:
    picture: Picture
    owners: set[str] = field(default_factory=set)


class Shelf:
    """Uploaded pictures by digest, bounded by the bytes of their pixels.

    Whoever knows a digest, sha-256 of the file, has the file; so it is at once name and key, and
    the shelf never lists any. Safe to use from several threads.

    Args:
        max_bytes: what the pixels of all pictures together may take; the oldest unused go first.

    >>> import torch
    >>> shelf = Shelf(max_bytes=100)
    >>> shelf.put(Picture("dot.png", torch.ones(3, 1, 1), digest="5f" * 32), owner="one")
    >>> shelf.get("5f" * 32).name, shelf.get("5e" * 32)
    ('dot.png', None)
    >>> shelf.let_go("5f" * 32, owner="one")
    >>> shelf.get("5f" * 32)
    """

    def __init__(self, max_bytes: int = 512_000_000) -> None:
        self._places: Bounded[str, _Place] = Bounded(
            max_bytes, lambda each: each.picture.pixels.nbytes
        )
        self._lock = Lock()

    def put(self, picture: Picture, owner: str = "") -> None:
        """Keeps the picture under its digest, for this owner too if others brought it before."""
        with self._lock:
            place = self._places.get(picture.digest)
            owners = {owner} | (place.owners if place else set())
            self._places.put(picture.digest, _Place(picture, owners))

    def let_go(self, digest: str, owner: str) -> None:
        """This owner needs the picture no longer; when nobody else brought it, it goes."""
        with self._lock:
            place = self._places.get(digest)
            if place is None:
                return
            place.owners.discard(owner)
            if not place.owners:
                self._places.drop(digest)

    def get(self, digest: str) -> Picture | None:
        """The picture of this digest, or None: never put here, or gone since."""
        place = self._places.get(digest)
        return place.picture if place else None


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
