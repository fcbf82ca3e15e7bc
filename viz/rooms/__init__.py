"""Rooms: a lecturer's view, questions and a class that follows. The standard library, no server."""

from __future__ import annotations

from viz.rooms.feed import Feed
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
from viz.rooms.store import MemoryStore, RoomStore

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
]
