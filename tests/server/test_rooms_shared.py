"""Two servers that share one Redis, and a Redis that goes away and comes back."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
from redis_server import RedisServer, redis_served
from room_client import SECONDS, Follower, Lecturer, answer, listening, secret, send, view

from viz.rooms import Rooms, feed, redis_store
from viz.rooms.redis_store import RedisStore
from viz.server import rooms as routes


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AGAIN_S", "COUNTS_S"):
        monkeypatch.setattr(redis_store, name, 0.02)
    monkeypatch.setattr(feed, "SOON_S", 0.02)


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[RedisServer]:
    """A Redis that may be stopped."""
    with redis_served(tmp_path) as server:
        yield server


class Hall:
    """Servers that share one Redis; `at` chooses which of them is asked."""

    def __init__(
        self, monkeypatch: pytest.MonkeyPatch, redis: RedisServer, running: AsyncExitStack
    ):
        self._monkeypatch, self._redis, self._running = monkeypatch, redis, running
        self._servers = 0

    async def server(self) -> Rooms:
        """One more server."""
        started = Rooms(lambda hears: RedisStore(hears, self._redis.url))
        await self._running.enter_async_context(started.running())
        self._servers += 1
        await listening(started, self._servers)
        return started

    def at(self, server: Rooms) -> None:
        self._monkeypatch.setattr(routes, "ROOMS", server)


Run = Callable[[Callable[[Hall], Awaitable[None]]], None]


@pytest.fixture
def run(redis: RedisServer, monkeypatch: pytest.MonkeyPatch) -> Run:
    redis.ask(b"FLUSHALL")
    return lambda lecture: asyncio.run(_in(lecture, monkeypatch, redis))


@pytest.fixture
def run_alone(own_redis: RedisServer, monkeypatch: pytest.MonkeyPatch) -> Run:
    return lambda lecture: asyncio.run(_in(lecture, monkeypatch, own_redis))


async def _in(
    lecture: Callable[[Hall], Awaitable[None]], monkeypatch: pytest.MonkeyPatch, redis: RedisServer
) -> None:
    async with AsyncExitStack() as running:
        await lecture(Hall(monkeypatch, redis, running))


@asynccontextmanager
async def following(code: str) -> AsyncIterator[Follower]:
    async with Follower(code) as one:
        await one.newest("room")
        yield one


def test_what_one_server_is_told_the_other_shows(run: Run):
    async def lecture(hall: Hall) -> None:
        here, there = await hall.server(), await hall.server()
        hall.at(here)
        lecturer = await Lecturer().open()
        await lecturer.show(1)
        hall.at(there)
        async with following(lecturer.code) as one:
            assert await one.newest("view") == view(1)
            hall.at(here)
            await lecturer.show(2)
            assert await one.until("view", lambda said: said["query"] == "stride=2")
            await lecturer.put("paused", True)
            await one.until("room", lambda room: room["paused"])
            assert (await send("POST", "/rooms", who=lecturer.secret)).status == 201
            await lecturer.delete()
            await asyncio.wait_for(one.task, SECONDS)
            assert one.seen("room")[-1]["ended"] is True

    run(lecture)


def test_a_round_is_one_on_all_servers(run: Run):
    async def lecture(hall: Hall) -> None:
        here, there = await hall.server(), await hall.server()
        hall.at(here)
        lecturer = await Lecturer().open()
        number = await lecturer.ask()
        assert (await answer(lecturer.code, number, 1, 1)).status == 204
        hall.at(there)
        assert (await answer(lecturer.code, number, 2, 1)).status == 409
        assert (await answer(lecturer.code, number, 2, 2)).status == 204
        async with following(lecturer.code) as one:
            await one.until("answers", lambda count: count["answers"] == 2)
            assert "because" not in one.text
            hall.at(here)
            await lecturer.close()
            closed = await one.until("round", lambda said: not said["open"])
            assert (closed["answers"], sorted(closed["tally"])) == (2, [[1, 1], [2, 1]])

    run(lecture)


def test_followers_of_all_servers_are_counted(run: Run, monkeypatch: pytest.MonkeyPatch):
    async def lecture(hall: Hall) -> None:
        here, there = await hall.server(), await hall.server()
        hall.at(here)
        lecturer = await Lecturer().open()
        async with following(lecturer.code) as one:
            hall.at(there)
            async with following(lecturer.code), following(lecturer.code):
                await one.until("room", lambda room: room["followers"] == 3)
            await one.until("room", lambda room: room["followers"] == 1)

    run(lecture)


def test_a_server_that_died_is_not_counted_for_long(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(feed, "COMMENT_S", 0.01)
    one = feed.Feed()
    one.take({"elsewhere.0a1b": b"7", "paused": b"false"})
    assert b'"followers":7' in one._newer_than(0)
    asyncio.run(asyncio.sleep(0.05))
    one.take({"paused": b"true"})
    assert b'"followers":0' in one._newer_than(0)


def test_a_server_started_again_goes_on_with_the_room(run: Run):
    async def lecture(hall: Hall) -> None:
        hall.at(await hall.server())
        lecturer = await Lecturer().open()
        await lecturer.show(3)
        number = await lecturer.ask()
        assert (await answer(lecturer.code, number, 1, 1)).status == 204
        hall.at(await hall.server())
        async with following(lecturer.code) as one:
            assert await one.newest("view") == view(3)
            assert (await one.newest("round"))["number"] == number
            assert await one.newest("answers") == {"round": number, "answers": 1}
            assert (await answer(lecturer.code, number, 1, 1)).status == 409
            assert (await lecturer.close()).status == 204
            closed = await one.until("round", lambda said: not said["open"])
            assert closed["tally"] == [[1, 1]]

    run(lecture)


def test_what_was_missed_comes_when_the_connection_is_back(run: Run, redis: RedisServer):
    async def lecture(hall: Hall) -> None:
        here, there = await hall.server(), await hall.server()
        hall.at(here)
        lecturer = await Lecturer().open()
        await lecturer.show(1)
        async with following(lecturer.code) as one:
            await one.newest("view")
            here.feeds.interrupted(True)  # told by hand, to see when it is told otherwise
            usual, here.feeds.told = here.feeds.told, lambda code, parts: None  # type: ignore[method-assign]
            hall.at(there)
            await lecturer.show(2)
            here.feeds.told = usual  # type: ignore[method-assign]
            assert redis.ask(b"CLIENT KILL TYPE pubsub").startswith(b":")
            assert await one.until("view", lambda said: said["query"] == "stride=2")
            await one.until("room", lambda room: not room["interrupted"])

    run(lecture)


def test_without_redis_the_class_keeps_what_it_has_and_goes_on_by_itself(
    run_alone: Run, own_redis: RedisServer
):
    """Redis comes back empty: the lecturer's browser opens the room again, under the same code."""

    async def lecture(hall: Hall) -> None:
        hall.at(await hall.server())
        lecturer = await Lecturer().open()
        code = lecturer.code
        await lecturer.show(1)
        await lecturer.ask()
        async with following(code) as one:
            await one.until("room", lambda room: not room["interrupted"])
            own_redis.stop()
            await one.until("room", lambda room: room["interrupted"])
            down = await lecturer.put("view", view(2))
            assert (down.status, "goes on by itself" in down.error) == (503, True)
            assert (await send("POST", "/rooms", who=secret(9))).status == 503
            assert (await send("GET", "/rooms/K7QM2FXA")).status == 503
            async with following(code) as late:
                assert await late.newest("view") == view(1)
                assert (await late.newest("room"))["interrupted"]
            own_redis.start()
            await one.until("room", lambda room: not room["interrupted"])
            assert (await lecturer.put("view", view(2))).status == 404
            again = await Lecturer().open()
            assert again.code == code
            await again.show(2)
            assert await one.until("view", lambda said: said["query"] == "stride=2")
            await one.until("round", lambda round: round is None)
            assert not one.task.done()

    run_alone(lecture)


def test_a_redis_that_hangs_holds_nobody_up_for_long(
    run_alone: Run, own_redis: RedisServer, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(redis_store, "PATIENCE_S", 0.1)

    async def lecture(hall: Hall) -> None:
        hall.at(await hall.server())
        lecturer = await Lecturer().open()
        own_redis.hang()
        assert (await lecturer.put("view", view(2))).status == 503
        own_redis.go_on()
        async with asyncio.timeout(SECONDS):
            while (await lecturer.put("view", view(3))).status != 204:
                await asyncio.sleep(0.1)

    run_alone(lecture)


def test_redis_keeps_nothing_for_ever(run: Run, redis: RedisServer):
    async def lecture(hall: Hall) -> None:
        hall.at(server := await hall.server())
        lecturer = await Lecturer().open()
        number = await lecturer.ask()
        await answer(lecturer.code, number, 1)
        store = server.store
        assert isinstance(store, RedisStore)
        for kind in ("room", "answers"):
            left = await store._redis.ttl(f"pointwise:{kind}:{lecturer.code}")
            assert 0 < left <= redis_store.FORGOTTEN_S
        await lecturer.delete()
        assert await store._redis.keys("*") == []

    run(lecture)


def test_the_truth_is_told_to_no_server(run: Run, redis: RedisServer):
    """It is published with the closed round alone."""

    async def lecture(hall: Hall) -> None:
        hall.at(server := await hall.server())
        store = server.store
        assert isinstance(store, RedisStore)
        async with store._redis.pubsub() as channel:
            await channel.psubscribe("*")
            lecturer = await Lecturer().open()
            await lecturer.ask()
            published = []
            while message := await channel.get_message(timeout=0.1):
                published.append(json.dumps(str(message["data"])))
            assert any("Which?" in each for each in published)
            assert not any("because" in each for each in published)

    run(lecture)


@pytest.mark.parametrize("url", ["127.0.0.1:6379", "http://127.0.0.1"])
def test_what_is_no_address_of_a_redis_is_said_at_start(url: str):
    from viz import rooms

    with pytest.raises(ValueError, match="POINTWISE_REDIS_URL"):
        Rooms(lambda hears: rooms.store_at(url, hears))
