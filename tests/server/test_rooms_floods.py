"""Guesses and floods of views, answers, rooms and streams: each is bounded, and the hall goes on."""

from __future__ import annotations

import asyncio

import pytest
from room_client import Clock, Follower, Lecturer, answer, asked, kept, run, secret, send, view

from viz import rooms
from viz.rooms import feed, limits, memory_store, redis_store, room

pytestmark = pytest.mark.usefixtures("both")


def few(monkeypatch: pytest.MonkeyPatch, limit: str, number: int) -> None:
    """A smaller limit of either store."""
    for store in (memory_store, redis_store):
        monkeypatch.setattr(store, limit, number)


def test_rooms_are_never_listed():
    async def lecture() -> None:
        await Lecturer().open()
        assert (await send("GET", "/rooms")).status == 405
        assert (await send("GET", "/rooms/")).status in (404, 307)

    run(lecture())


def wrong(n: int) -> str:
    return f"WR0NG{n:03}"


def test_guessing_ends_soon_and_a_hall_behind_the_same_address_goes_on(clock: Clock):
    async def lecture() -> None:
        lecturer = await Lecturer().open()
        assert (await send("GET", f"/rooms/{lecturer.code}")).status == 200
        other = await Lecturer(1).open()
        for n in range(limits.WRONG_CODES):
            assert (await send("GET", f"/rooms/{wrong(n)}")).status == 404
        for path in (f"/rooms/{wrong(999)}", f"/rooms/{other.code}", f"/rooms/{wrong(998)}/events"):
            assert (await send("GET", path)).status == 429
        guess = await answer(other.code, 1, 1)
        assert guess.status == 429
        assert (await send("GET", f"/rooms/{lecturer.code}")).status == 200
        elsewhere = await send("GET", f"/rooms/{other.code}", client="192.0.2.9")
        assert elsewhere.status == 200
        clock.now += limits.WRONG_CODES_S
        assert (await send("GET", f"/rooms/{other.code}")).status == 200

    run(lecture())


def test_asking_again_for_the_same_room_is_no_guess():
    """After a restart a whole hall asks until the lecturer's browser has opened the room again."""

    async def lecture() -> None:
        for n in range(limits.WRONG_CODES):
            assert (await send("GET", f"/rooms/{wrong(n)}")).status == 404
        for _ in range(3 * limits.WRONG_CODES):
            assert (await send("GET", f"/rooms/{wrong(1)}")).status == 404

    run(lecture())


def test_what_is_known_of_addresses_is_bounded(monkeypatch: pytest.MonkeyPatch, both: rooms.Rooms):
    monkeypatch.setattr("viz.rooms.pace.ADDRESSES", 5)

    async def lecture() -> None:
        lecturer = await Lecturer().open()
        for n in range(20):
            for code in (wrong(n), lecturer.code):
                await send("GET", f"/rooms/{code}", client=f"192.0.2.{n}")
        assert len(both._guesses._wrong) == len(both._guesses._right) == 5

    run(lecture())


def test_views_come_ten_a_second_and_no_faster(clock: Clock):
    async def lecture() -> None:
        lecturer = await Lecturer().open()
        flood = [(await lecturer.put("view", view(n))).status for n in range(1, 40)]
        assert flood.count(204) == limits.VIEWS_AT_ONCE
        assert set(flood) == {204, 429}
        for n in range(1, 30):
            clock.now += 1 / limits.VIEWS_A_SECOND
            await lecturer.show(n)
        other = await Lecturer(1).open()
        await other.show()

    run(lecture())


def test_questions_come_as_fast_as_a_person_asks(clock: Clock):
    async def lecture() -> None:
        lecturer = await Lecturer().open()
        flood = [(await lecturer.put("round", asked())).status for _ in range(30)]
        assert flood.count(200) == limits.CHANGES_AT_ONCE
        assert (await lecturer.put("paused", True)).status == 429
        assert (await lecturer.close()).status == 429
        clock.now += 1
        assert (await lecturer.close()).status == 204
        assert (await lecturer.delete()).status == 204

    run(lecture())


def test_rooms_are_bounded_and_used_ones_stay(clock: Clock, monkeypatch: pytest.MonkeyPatch):
    few(monkeypatch, "ROOMS", 3)

    async def lecture() -> None:
        lecturers = [await Lecturer(n).open() for n in range(3)]
        full = await send("POST", "/rooms", who=secret(9))
        assert (full.status, "later" in full.error) == (503, True)
        clock.now += limits.IDLE_S
        for each in lecturers[::2]:
            await each.show()
        await Lecturer(9).open()
        found = [(await send("GET", f"/rooms/{each.code}")).status for each in lecturers]
        assert found == [200, 404, 200]

    run(lecture())


def test_one_address_opens_only_so_many(both: rooms.Rooms, clock: Clock):
    async def lecture() -> None:
        flood = [(await send("POST", "/rooms", who=secret(n))).status for n in range(40)]
        assert flood.count(201) == limits.OPENINGS_PER_ADDRESS
        assert set(flood) == {201, 429}
        assert (await send("POST", "/rooms", who=secret(0))).status == 201, (
            "it goes on with its own"
        )
        other = await send("POST", "/rooms", who=secret(99), client="192.0.2.9")
        assert other.status == 201
        clock.now += limits.OPENING_EVERY_S
        assert (await send("POST", "/rooms", who=secret(39))).status == 201

    run(lecture())


def test_a_room_is_forgotten_after_hours(clock: Clock, both: rooms.Rooms):
    async def lecture() -> None:
        lecturer = await Lecturer().open()
        async with Follower(lecturer.code) as one:
            clock.now += limits.FORGOTTEN_S - 1
            await both.store.sweep()
            await lecturer.show()
            await one.newest("view")
            clock.now += limits.FORGOTTEN_S
            await both.store.sweep()
            await asyncio.wait_for(one.task, 10)
            assert one.seen("room")[-1]["ended"] is True
        assert await kept() == 0

    run(lecture())


def test_a_flood_of_answers_is_cut_where_nobody_follows(both: rooms.Rooms):
    async def lecture() -> None:
        lecturer = await Lecturer().open()
        number = await lecturer.ask()

        async def flood(first: int) -> int:
            replies = [await answer(lecturer.code, number, 1, first + n) for n in range(40)]
            assert {each.status for each in replies} == {204, 429}
            return sum(each.status == 204 for each in replies)

        assert await flood(0) == limits.ANSWERS_WITHOUT_STREAM
        async with Follower(lecturer.code), Follower(lecturer.code):
            assert await flood(100) == 4
        elsewhere = await answer(lecturer.code, number, 1, 200, client="192.0.2.9")
        assert elsewhere.status == 204
        number = await lecturer.ask()
        assert await flood(300) == limits.ANSWERS_WITHOUT_STREAM

    run(lecture())


def test_a_round_has_no_more_answers_than_a_room_has_followers(monkeypatch: pytest.MonkeyPatch):
    few(monkeypatch, "FOLLOWERS", 5)

    async def lecture() -> None:
        lecturer = await Lecturer().open()
        number = await lecturer.ask()
        flood = [await answer(lecturer.code, number, 1, n, client=f"192.0.2.{n}") for n in range(8)]
        assert [each.status for each in flood] == [204] * 5 + [503] * 3

    run(lecture())


def test_a_tally_has_a_bounded_number_of_bars():
    answers = [str(n) for n in range(500)] + ["7", "7"]
    told = room.tally(answers)
    assert (len(told), told[0]) == (limits.DIFFERENT_ANSWERS, (7, 3))


@pytest.fixture(params=["a room", "an address", "the process"])
def few_streams(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    where = {
        "a room": (feed, "FOLLOWERS"),
        "an address": (feed, "FOLLOWERS_PER_ADDRESS"),
        "the process": (room, "STREAMS"),
    }
    monkeypatch.setattr(*where[request.param], 2)
    return str(request.param)


def test_streams_are_bounded_and_a_place_is_free_again(few_streams: str):
    async def lecture() -> None:
        lecturer = await Lecturer().open()
        async with Follower(lecturer.code):
            async with Follower(lecturer.code):
                full = await send("GET", f"/rooms/{lecturer.code}/events")
                assert full.status == 503
                elsewhere = Follower(lecturer.code, client="192.0.2.9")
                async with elsewhere:
                    open_to_others = few_streams == "an address"
                    assert (elsewhere.start["status"] == 200) == open_to_others
            async with Follower(lecturer.code) as third:
                assert third.start["status"] == 200

    run(lecture())
