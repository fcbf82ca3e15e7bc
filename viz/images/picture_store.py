"""Where uploads stand until others need the room, and how the address finds any picture."""

from __future__ import annotations

import time
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from threading import Lock

from viz.images.picture import Picture
from viz.images.shipped import DRAWINGS, PHOTOGRAPHS, shipped

UPLOADED = "Uploaded picture"  # what an upload is called by whoever did not bring it
IN_USE_SECONDS = 600
MIN_BYTES = 2**20  # what a picture counts at least, so that their number is bounded too
MAX_OWNERS = 256  # of one picture; of more the latest are known


@dataclass
class _Place:
    picture: Picture
    size: int
    seen: float = 0.0
    owners: dict[str, str] = field(default_factory=dict)  # visitor -> address


class PictureStore:
    """Uploaded pictures by digest, bounded by the bytes of their pixels.

    Whoever knows a digest, sha-256 of the file, has the file; so it is the only key, and the shelf
    never lists any. A file's name is not kept: it belongs to the visitor who brought the file, and
    the same bytes may come from another. Safe to use from several threads.

    Where room is needed, pictures are evicted in this order: those that nobody has seen for
    `IN_USE_SECONDS` before those in use; then those of a client address that holds more than half
    of the room, for its many visitors may be one person's tabs; then those of the visitor who holds
    most; then the one not seen for longest. A picture that several brought counts in full for each,
    so that copies make nobody look modest, and has the rank of the most modest of them. The one
    that comes stays.

    Args:
        max_bytes: what the pixels of all pictures together may take.
        min_bytes: what a picture counts at least.
        clock: seconds from any beginning.

    >>> import torch
    >>> shelf = PictureStore(max_bytes=36, min_bytes=12)
    >>> for digest, owner in [("a", "modest"), ("b", "greedy"), ("c", "greedy"), ("d", "new")]:
    ...     shelf.put(Picture("exam.png", torch.ones(3, 1, 1), digest), owner)
    >>> [digest for digest in "abcd" if shelf.get(digest)]
    ['a', 'c', 'd']
    >>> shelf.get("a").name
    'Uploaded picture'
    >>> shelf.let_go("a", "modest")
    >>> shelf.get("a")
    """

    def __init__(
        self,
        max_bytes: int = 512_000_000,
        min_bytes: int = MIN_BYTES,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.max_bytes = max_bytes
        self.size = 0
        self._least_bytes = min_bytes
        self._clock = clock
        self._places: OrderedDict[str, _Place] = OrderedDict()  # the one not seen for longest first
        self._lock = Lock()

    def put(self, picture: Picture, owner: str = "", address: str = "") -> None:
        """Keeps the picture under its digest, for this owner too if others brought it before.

        Args:
            picture: its name is left out.
            owner: the visitor who brings it.
            address: where the visitor comes from; all of whom it is not known share one.
        """
        size = max(picture.pixels.nbytes, self._least_bytes)
        if size > self.max_bytes:
            return
        with self._lock:
            if picture.digest not in self._places:
                self._places[picture.digest] = _Place(replace(picture, name=UPLOADED), size)
                self.size += size
            owners = self._see(picture.digest).owners
            owners.pop(owner, None)  # else the latest would not stand last
            owners[owner] = address
            if len(owners) > MAX_OWNERS:
                del owners[next(iter(owners))]
            while self.size > self.max_bytes:
                self._drop(self._first_to_go(picture.digest))

    def let_go(self, digest: str, owner: str) -> None:
        """This owner needs the picture no longer; when nobody else brought it, it goes."""
        with self._lock:
            place = self._places.get(digest)
            if place is None:
                return
            place.owners.pop(owner, None)
            if not place.owners:
                self._drop(digest)

    def get(self, digest: str) -> Picture | None:
        """The picture of this digest, in use from now on; None if never put here, or gone since."""
        with self._lock:
            return self._see(digest).picture if digest in self._places else None

    def _see(self, digest: str) -> _Place:
        self._places.move_to_end(digest)
        self._places[digest].seen = self._clock()
        return self._places[digest]

    def _drop(self, digest: str) -> None:
        self.size -= self._places.pop(digest).size

    def _first_to_go(self, newest: str) -> str:
        """The digest of the picture to evict; of equals, the one not seen for longest."""
        of_visitor, of_address = self._held()
        unused = self._clock() - IN_USE_SECONDS

        def rank(digest: str) -> tuple[bool, tuple[bool, int]]:
            place = self._places[digest]
            greed = (
                (of_address[address] > self.max_bytes // 2, of_visitor[visitor])
                for visitor, address in place.owners.items()
            )
            return place.seen <= unused, min(greed)

        return max((digest for digest in self._places if digest != newest), key=rank)

    def _held(self) -> tuple[Counter[str], Counter[str]]:
        """The bytes of every visitor and of every address."""
        of_visitor, of_address = Counter[str](), Counter[str]()
        for place in self._places.values():
            of_visitor.update(dict.fromkeys(place.owners, place.size))
            of_address.update(dict.fromkeys(place.owners.values(), place.size))
        return of_visitor, of_address


STORE = PictureStore()


def find(key: str) -> Picture | None:
    """The picture that an address means: a shipped one by slug, an upload by digest.

    Never raises: a key that means nothing, or whose upload has gone since, gives None.

    >>> find("coffee").name, find("../coffee.png")
    ('Cup of coffee', None)
    """
    if key in PHOTOGRAPHS or key in DRAWINGS:
        return shipped(key)
    return STORE.get(key)
