"""How an address finds any picture, and the store that uploads of this server go to."""

from __future__ import annotations

import os
from typing import Protocol

from viz.images.picture import Picture
from viz.images.picture_store import PictureStore
from viz.images.shipped import DRAWINGS, PHOTOGRAPHS, shipped


class Store(Protocol):
    """Uploads by digest; see `PictureStore`."""

    def put(self, picture: Picture, owner: str = "", address: str = "") -> None:
        """Stores a picture, also for this owner if others uploaded it before."""

    def drop(self, digest: str, owner: str) -> None:
        """Removes an owner from a picture; it goes with its last owner."""

    def get(self, digest: str) -> Picture | None:
        """The picture of this digest; None if it was never stored or is evicted."""

    @property
    def is_down(self) -> bool:
        """Whether other servers cannot be reached, so that uploads are only here."""


def store_at(url: str) -> Store:
    """The store that servers share in the Redis at that address; one in memory if there is none.

    Raises:
        ValueError: if it is no address of a Redis server.
    """
    here = PictureStore()
    if not url:
        return here
    from viz.images.shared_pictures import SharedPictures  # half a second of imports

    try:
        return SharedPictures(here, url)
    except ValueError as error:
        raise ValueError(f"POINTWISE_REDIS_URL: {error}") from None


STORE = store_at(os.environ.get("POINTWISE_REDIS_URL", ""))


def find(key: str) -> Picture | None:
    """The picture of a key in an address: a shipped one by slug, an upload by digest.

    Never raises: an unknown key, or one whose upload was evicted, gives None.

    >>> find("coffee").name, find("../coffee.png")
    ('Cup of coffee', None)
    """
    if key in PHOTOGRAPHS or key in DRAWINGS:
        return shipped(key)
    return STORE.get(key)
