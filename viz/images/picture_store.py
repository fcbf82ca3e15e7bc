"""The store of uploaded pictures in the memory of this server."""

from __future__ import annotations

import time
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from threading import Lock

from viz.images.picture import Picture

UPLOADED = "Uploaded picture"  # the name of an upload to everybody but its owner
IN_USE_SECONDS = 600
MIN_BYTES = 2**20  # that a picture counts at least, so that their number is bounded too
MAX_OWNERS = 256  # of one picture; of more than this the latest are kept


@dataclass
class _Place:
    picture: Picture
    size: int
    seen: float = 0.0
    owners: dict[str, str] = field(default_factory=dict)  # visitor -> address


class PictureStore:
    """Uploaded pictures by digest, bounded by the bytes of their pixels.

    The digest, sha-256 of the file, is the only key: whoever knows it has the file, and the store
    never lists any. A file's name is not kept: it belongs to the visitor who uploaded the file, and
    another visitor may upload the same bytes. Thread-safe.

    If the store is full, pictures are evicted in this order: those that nobody has seen for
    `IN_USE_SECONDS` before those in use; then those of a client address that holds more than half
    of the store, for its many visitors may be one person's tabs; then those of the visitor who
    holds most; then the least recently seen one. A picture that several visitors uploaded counts in
    full for each of them, so that copies hide nothing, and ranks as that of the owner who holds
    least. The new picture itself is never evicted.

    Args:
        max_bytes: the bytes of the pixels of all pictures together.
        min_bytes: the bytes that a picture counts at least.
        clock: seconds from any beginning.

    >>> import torch
    >>> store = PictureStore(max_bytes=36, min_bytes=12)
    >>> for digest, owner in [("a", "modest"), ("b", "greedy"), ("c", "greedy"), ("d", "new")]:
    ...     store.put(Picture("exam.png", torch.ones(3, 1, 1), digest), owner)
    >>> [digest for digest in "abcd" if store.get(digest)]
    ['a', 'c', 'd']
    >>> store.get("a").name
    'Uploaded picture'
    >>> store.drop("a", "modest")
    >>> store.get("a")
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
        self._places: OrderedDict[str, _Place] = OrderedDict()  # the least recently seen one first
        self._lock = Lock()

    def put(self, picture: Picture, owner: str = "", address: str = "") -> None:
        """Stores the picture under its digest, also for this owner if others uploaded it before.

        Args:
            picture: the upload; its name is not kept.
            owner: the visitor who uploads it.
            address: the visitor's client address; all visitors of unknown address share one.
        """
        size = max(picture.pixels.nbytes, self._least_bytes)
        if size > self.max_bytes:
            return
        with self._lock:
            if picture.digest not in self._places:
                self._places[picture.digest] = _Place(replace(picture, name=UPLOADED), size)
                self.size += size
            owners = self._see(picture.digest).owners
            owners.pop(owner, None)  # so that the latest owner is the last one
            owners[owner] = address
            if len(owners) > MAX_OWNERS:
                del owners[next(iter(owners))]
            while self.size > self.max_bytes:
                self._drop(self._first_to_go(picture.digest))

    @property
    def is_down(self) -> bool:
        """False: there is nobody else to reach."""
        return False

    def drop(self, digest: str, owner: str) -> None:
        """Removes an owner from a picture, and drops the picture if nobody else has uploaded it."""
        with self._lock:
            place = self._places.get(digest)
            if place is None:
                return
            place.owners.pop(owner, None)
            if not place.owners:
                self._drop(digest)

    def get(self, digest: str) -> Picture | None:
        """The picture of this digest, marked as seen; None if it was never stored or is evicted."""
        with self._lock:
            return self._see(digest).picture if digest in self._places else None

    def _see(self, digest: str) -> _Place:
        self._places.move_to_end(digest)
        self._places[digest].seen = self._clock()
        return self._places[digest]

    def _drop(self, digest: str) -> None:
        self.size -= self._places.pop(digest).size

    def _first_to_go(self, newest: str) -> str:
        """The digest of the picture to evict; of equals, the least recently seen one."""
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
