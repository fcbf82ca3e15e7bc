"""Two servers behind the shipped nginx.conf, with Redis: what a lecture hall meets in an hour."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from client import Connection, run
from guest import Guest
from halls import Hall, started

pytestmark = pytest.mark.hall

GUESTS = 60
MOVES = 5


@pytest.fixture(scope="module")
def hall() -> Iterator[Hall]:
    with TemporaryDirectory() as folder, started(Path(folder)) as ready:
        yield ready


@asynccontextmanager
async def seated(hall: Hall, count: int = GUESTS) -> AsyncIterator[list[Guest]]:
    """Guests who have opened the page and have each uploaded a picture of their own."""
    guests = [Guest(hall.netloc, number) for number in range(count)]
    try:
        await all_of(guest.open() for guest in guests)
        await all_of(guest.upload() for guest in guests)
        yield guests
    finally:
        await all_of(guest.close() for guest in guests)


async def all_of(each: Iterator[Awaitable[object]]) -> None:
    await asyncio.gather(*each)


async def moved(guest: Guest, first_px: float = 4.0) -> list[str]:
    return [await guest.move(first_px + step / 2) for step in range(MOVES)]


def test_a_hall_uploads_and_moves_and_both_servers_work(hall: Hall):
    async def go() -> list[list[str]]:
        async with seated(hall) as guests:
            sockets = [hall.connections(port) for port in hall.ports]
            assert min(sockets) >= GUESTS // 6, sockets
            return await asyncio.gather(*(moved(guest) for guest in guests))

    maps = run(go())
    assert all(len(set(each)) == MOVES for each in maps)
    assert len({each[0] for each in maps}) == GUESTS


def test_everybody_goes_on_when_a_server_is_killed(hall: Hall):
    async def go() -> None:
        async with seated(hall) as guests:
            before = await asyncio.gather(*(guest.move(6.0) for guest in guests))
            hall.kill("server 1")
            await all_of(guest.come_back() for guest in guests)
            assert await asyncio.gather(*(guest.move(6.0) for guest in guests)) == before
            await all_of(moved(guest, 9.0) for guest in guests)
            hall.wait_until("server 1 has ended and is started again.")

    run(go())
    run(ready(hall))


def test_a_rolling_restart_is_seen_by_nobody(hall: Hall):
    """Everybody moves all the time; whose socket is cut connects again, and no request fails."""

    async def go() -> None:
        async with seated(hall, GUESTS // 2) as guests:
            restarted = asyncio.create_task(asyncio.to_thread(hall.restart_all))
            while not restarted.done():
                await all_of(stayed(guest) for guest in guests)
                await asyncio.sleep(0.2)
            await restarted

    run(go())


async def stayed(guest: Guest) -> None:
    if guest.is_cut:
        await guest.come_back()
    await guest.move(5.0)


def test_redis_may_go_and_come_back(hall: Hall):
    async def go() -> None:
        async with seated(hall, 6) as guests:
            hall.kill("redis")
            await all_of(moved(guest) for guest in guests)
            hall.wait_until("redis has ended and is started again.")
            await asyncio.sleep(6)  # until it is asked again
            async with seated(hall, 6):
                pass

    run(go())


async def ready(hall: Hall) -> None:
    """Waits until every server answers again."""
    async with asyncio.timeout(60):
        for port in hall.ports:
            while not await answers(port):
                await asyncio.sleep(0.2)


async def answers(port: int) -> bool:
    connection = Connection(f"127.0.0.1:{port}", 5)
    try:
        return (await connection.get("/_stcore/health")).status == 200
    except OSError:
        return False
    finally:
        connection.close()
