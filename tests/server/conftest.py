"""Rooms on either store, with a clock that stands still until it is moved."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from redis_server import RedisServer, redis_served
from room_client import Clock

from viz import rooms
from viz.server import rooms as routes


@pytest.fixture(scope="session")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with redis_served(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> rooms.Rooms:
    """The rooms of the routes, fresh, in memory."""
    fresh = rooms.Rooms(lambda hears: rooms.MemoryStore(hears, clock), clock)
    monkeypatch.setattr(routes, "ROOMS", fresh)
    return fresh


@pytest.fixture(params=["memory", "Redis"])
def both(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> rooms.Rooms:
    """The rooms of the routes, fresh, in either store."""
    if request.param == "memory":
        return request.getfixturevalue("room")
    from viz.rooms.redis_store import RedisStore

    server = request.getfixturevalue("redis")
    server.ask(b"FLUSHALL")
    fresh = rooms.Rooms(lambda hears: RedisStore(hears, server.url, clock), clock)
    monkeypatch.setattr(routes, "ROOMS", fresh)
    return fresh
