"""Rooms: a lecturer's view, questions and a class that follows. The standard library, no server."""

from __future__ import annotations

from viz.rooms.feed import Feed
from viz.rooms.memory_store import MemoryStore
from viz.rooms.refusals import (
    Down,
    Full,
    Gone,
    Late,
    Malformed,
    NotYours,
    Refusal,
    TooFast,
    Twice,
)
from viz.rooms.room import Rooms
from viz.rooms.store import Hears, RoomStore


def store_at(url: str, hears: Hears) -> RoomStore:
    """The store in the Redis at that address; in memory if there is none.

    Raises:
        ValueError: if it is no address of a Redis server.
    """
    if not url:
        return MemoryStore(hears)
    from viz.rooms.redis_store import RedisStore  # half a second of imports

    try:
        return RedisStore(hears, url)
    except ValueError as error:
        raise ValueError(f"POINTWISE_REDIS_URL: {error}") from None


__all__ = [
    "Down",
    "Feed",
    "Full",
    "Gone",
    "Late",
    "Malformed",
    "MemoryStore",
    "NotYours",
    "Refusal",
    "RoomStore",
    "Rooms",
    "TooFast",
    "Twice",
    "store_at",
]
