"""Rooms as their routes serve them: a class that follows and answers, and whoever would disturb it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine
from typing import Any

import pytest
from room_client import NUMBER, ONE, TRUTH, WHERE, Follower, Lecturer, answer, secret, send, view
from route_client import HOSTILE

from viz import rooms
from viz.rooms import feed, limits, store
from viz.server import rooms as routes


class Clock:
    """Stands still until it is moved."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(autouse=True)
def room(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> rooms.Rooms:
    fresh = rooms.Rooms(lambda told: rooms.MemoryStore(told, clock), clock)
    monkeypatch.setattr(routes, "ROOMS", fresh)
    return fresh


def kept(room: rooms.Rooms) -> int:
    """How many rooms the store holds."""
    assert isinstance(room.store, rooms.MemoryStore)
    return len(room.store._rooms)


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(work)


# ── Following ───────────────────────────────────────────────────────────────────────────────────


def test_a_latecomer_gets_the_last_state_first_then_changes():
    async def lecture() -> None:
        lecturer = await Lecturer().open()
        await lecturer.show(1)
        await lecturer.show(2)
        async with Follower(lecturer.code) as late:
            assert await late.newest("view") == view(2)
            assert late.kinds == ["room", "view"]
            await lecturer.show(3, live=True, pointer=[0.25, 1])
            seen = await late.events("view", 2)
            assert seen == [view(2), view(3, live=True, pointer=[0.25, 1])]

    run(lecture())


def test_a_stream_is_what_browsers_and_proxies_expect():
    async def lecture() -> None:
        lecturer = await Lecturer().open()
        async with Follower(lecturer.code) as one:
            await one.newest("room")
        headers = {name.decode(): value.decode() for name, value in one.start["headers"]}
        assert one.start["status"] == 200
        assert headers["content-type"].startswith("text/event-stream")
        assert headers["cache-control"] == "no-cache"
        assert headers["x-accel-buffering"] == "no"
        assert "content-length" not in headers

    run(lecture())


def test_a_silent_stream_is_kept_open_by_comments(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(feed, "COMMENT_S", 0.01)

    async def lecture() -> None:
        lecturer = await Lecturer().open()
        async with Follower(lecturer.code) as one:
            await one._until(lambda: "\n\n:\n\n:\n\n" in one.text)

    run(lecture())


def test_a_code_is_read_as_people_write_it():
    async def lecture() -> None:
        lecturer = await Lecturer().open()
        code = lecturer.code
        spoken = f"{code[:4]}-{code[4:]}".lower().replace("0", "o").replace("1", "l")
        for typed in (code, code.lower(), spoken):
            reply = await send("GET", f"/rooms/{typed}")
            assert (reply.status, json.loads(reply.body)) == (200, {"code": code})

    run(lecture())


def test_the_secret_goes_on_with_the_room():
    async def lecture() -> None:
        first = await Lecturer().open()
        await first.show(2)
        again = await Lecturer().open()
        assert again.code == first.code
        async with Follower(again.code) as one:
            assert await one.newest("view") == view(2)

    run(lecture())


def test_a_paused_class_stays_where_it_is():
    async def lecture() -> None:
        lecturer = await Lecturer().open()
        await lecturer.show(1)
        async with Follower(lecturer.code) as one:
            await one.newest("view")
            assert (await lecturer.put("paused", True)).status == 204
            await one._until(lambda: one.seen("room")[-1]["paused"] is True)
            await lecturer.show(2)
            assert (await lecturer.put("paused", False)).status == 204
            await lecturer.show(3)
            assert await one.events("view", 2) == [view(1), view(3)]
            assert one.seen("room")[-1]["paused"] is False

    run(lecture())


def test_the_end_is_told_and_nothing_is_kept(room: rooms.Rooms):
    async def lecture() -> None:
        lecturer = await Lecturer().open()
        async with Follower(lecturer.code) as one:
            await one.newest("room")
            assert (await lecturer.delete()).status == 204
            await asyncio.wait_for(one.task, 10)
            assert (await one.newest("room"))["ended"] is True
        assert (await send("GET", f"/rooms/{lecturer.code}")).status == 404
        assert list(room.feeds) == []
        assert kept(room) == 0

    run(lecture())


def test_followers_are_counted_and_the_lecturer_is_not(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(feed, "SOON_S", 0.01)

    async def lecture() -> None:
        lecturer = await Lecturer().open()
        async with Follower(lecturer.code, "lecturer") as own, Follower(lecturer.code):
            async with Follower(lecturer.code):
                await own._until(lambda: own.seen("room")[-1]["followers"] == 2)
            await own._until(lambda: own.seen("room")[-1]["followers"] == 1)

    run(lecture())


def test_the_latest_wins_and_nothing_waits_for_a_slow_follower():
    """Of what changed while he did not read, he gets the last."""

    async def lecture() -> None:
        lecturer = await Lecturer().open()
        await lecturer.show(1)
        async with Follower(lecturer.code) as slow, Follower(lecturer.code) as quick:
            await slow.newest("view")
            slow.reads.clear()
            for n in range(2, 6):
                await lecturer.show(n)
                await quick.events("view", n)
            slow.reads.set()
            seen = await slow.events("view", 3)
            assert [each["query"] for each in seen] == ["stride=1", "stride=2", "stride=5"]

    run(lecture())


def test_a_change_is_written_once_however_many_follow():
    async def lecture() -> None:
        lecturer = await Lecturer().open()
        bodies: list[bytes] = []

        async def listen(one: Follower) -> None:
            await one.newest("view")

        followers = [Follower(lecturer.code) for _ in range(20)]
        for each in followers:
            usual = each._send

            async def noted(message: Any, usual: Any = usual) -> None:
                if b"event: view" in message.get("body", b""):
                    bodies.append(message["body"])
                await usual(message)

            each._send = noted  # type: ignore[method-assign]
            await each.__aenter__()
            await each.newest("room")
        await lecturer.show(1)
        await asyncio.gather(*map(listen, followers))
        assert len(bodies) == 20
        assert len({id(body) for body in bodies}) == 1
        for each in followers:
            await each.__aexit__()

    run(lecture())


# ── Rounds ──────────────────────────────────────────────────────────────────────────────────────


def test_answers_and_truth_stay_hidden_until_the_round_is_closed(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(feed, "SOON_S", 0.01)

    async def lecture() -> None:
        lecturer = await Lecturer().open()
        async with Follower(lecturer.code) as one:
            number = await lecturer.ask()
            asked = await one.newest("round")
            assert asked == {
                "number": number,
                "attempt": 1,
                "question": {"en": ONE},
                "open": True,
            }
            for browser, said in enumerate([1, 0, 1]):
                assert (await answer(lecturer.code, number, said, browser)).status == 204
            await one._until(lambda: {"round": number, "answers": 3} in one.seen("answers"))
            assert "because" not in one.text
            assert (await lecturer.close()).status == 204
            closed = (await one.events("round", 2))[-1]
            shown = {"answers": 3, "tally": [[1, 2], [0, 1]], "truth": TRUTH}
            assert closed == {**asked, "open": False, **shown}

    run(lecture())


def test_a_second_attempt_has_the_first_beside_it():
    async def lecture() -> None:
        lecturer = await Lecturer().open()
        first = await lecturer.ask()
        await answer(lecturer.code, first, 2)
        await lecturer.close()
        second = await lecturer.ask(attempt=2)
        assert second != first
        assert (await answer(lecturer.code, second, 1)).status == 204
        async with Follower(lecturer.code) as one:
            asked = await one.newest("round")
            assert (asked["attempt"], asked["before"]) == (2, [[2, 1]])
            await lecturer.close()
            closed = (await one.events("round", 2))[-1]
            assert (closed["before"], closed["tally"]) == ([[2, 1]], [[1, 1]])
        await lecturer.ask(attempt=1)
        async with Follower(lecturer.code) as one:
            assert "before" not in await one.newest("round")

    run(lecture())


def test_a_question_taken_away_is_gone():
    async def lecture() -> None:
        lecturer = await Lecturer().open()
        number = await lecturer.ask()
        async with Follower(lecturer.code) as one:
            await one.newest("round")
            assert (await lecturer.delete("/round")).status == 204
            assert (await one.events("round", 2))[-1] is None
        assert (await answer(lecturer.code, number, 1)).status == 409
        assert (await lecturer.close()).status == 409
        assert (await lecturer.delete("/round")).status == 204

    run(lecture())


def test_late_and_second_answers_are_refused():
    async def lecture() -> None:
        lecturer = await Lecturer().open()
        code, first = lecturer.code, await lecturer.ask()
        assert (await answer(code, first, 1)).status == 204
        twice = await answer(code, first, 2)
        assert (twice.status, "already" in twice.error) == (409, True)
        await lecturer.close()
        late = await answer(code, first, 1, browser=2)
        assert (late.status, "closed" in late.error) == (409, True)
        second = await lecturer.ask()
        assert (await answer(code, first, 1, browser=3)).status == 409
        assert (await answer(code, second, 1)).status == 204

    run(lecture())


ANSWERS = [
    (ONE, [0, 2], [-1, 3, 1.5, "1", None, True, [1], {"a": 1}]),
    (NUMBER, [0, 100, 2.5], [-0.1, 101, "3", None, True, [1]]),
    (WHERE, [[0, 0], [3, 5]], [[4, 0], [0, 6], [-1, 0], [1], [1, 2, 3], [True, 0], [0.5, 0], 3]),
]


@pytest.mark.parametrize(("question", "good", "bad"), ANSWERS)
def test_only_an_answer_of_the_question_counts(
    question: dict[str, Any], good: list[Any], bad: list[Any], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(feed, "ANSWERS_WITHOUT_STREAM", 100)

    async def lecture() -> None:
        lecturer = await Lecturer().open()
        number = await lecturer.ask(question)
        for browser, said in enumerate(bad):
            assert (await answer(lecturer.code, number, said, browser)).status == 400, said
        for browser, said in enumerate(good):
            assert (await answer(lecturer.code, number, said, browser)).status == 204, said
        await lecturer.close()
        async with Follower(lecturer.code) as one:
            assert (await one.newest("round"))["tally"] == [[said, 1] for said in good]

    run(lecture())


# ── Who would disturb ───────────────────────────────────────────────────────────────────────────

LECTURERS: list[tuple[str, str, Any]] = [
    ("PUT", "/view", view()),
    ("PUT", "/paused", True),
    ("PUT", "/round", {"question": {"en": ONE}, "truth": {}, "attempt": 1}),
    ("POST", "/round/closed", b""),
    ("DELETE", "/round", b""),
    ("DELETE", "", b""),
]


@pytest.mark.parametrize(("method", "path", "body"), LECTURERS)
@pytest.mark.parametrize("who", [None, secret(1), "short", "a" * 5000])
def test_only_the_secret_may_change_a_room(method: str, path: str, body: Any, who: str | None):
    async def lecture() -> None:
        lecturer = await Lecturer().open()
        number = await lecturer.ask()
        reply = await send(method, f"/rooms/{lecturer.code}{path}", body, who)
        assert (reply.status, "Only the lecturer" in reply.error) == (403, True)
        assert (await answer(lecturer.code, number, 1)).status == 204

    run(lecture())


def test_another_secret_of_the_same_code_is_refused(monkeypatch: pytest.MonkeyPatch):
    """Forty bits can be found twice; the room keeps the whole hash."""
    monkeypatch.setattr("viz.rooms.room.code_of", lambda _: "SAMECODE")

    async def lecture() -> None:
        lecturer = await Lecturer(1).open()
        assert lecturer.code == "SAMECODE"
        assert (await send("POST", "/rooms", who=secret(2))).status == 403
        for method, path, body in LECTURERS:
            reply = await send(method, f"/rooms/SAMECODE{path}", body, secret(2))
            assert reply.status == 403

    run(lecture())


@pytest.mark.parametrize("who", ["", "short", "ü" * 43, " " + "a" * 42, "a" * 44, "a" * 42 + "="])
def test_a_malformed_secret_opens_nothing(who: str, room: rooms.Rooms):
    async def lecture() -> None:
        try:
            reply = await send("POST", "/rooms", who=who)
        except UnicodeEncodeError:
            return  # no header can hold it
        assert reply.status == 400
        assert kept(room) == 0

    run(lecture())


BAD_VIEWS: list[Any] = [
    *(b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 5000, b'{"a":' * 1000, b"9" * 5000),
    *({}, {"slug": "lab"}, {**view(), "more": 1}, view(slug="nothing"), view(slug=["lab"])),
    *(view(query=3), view(query="a b"), view(query="<b>\n"), view(query="ü"), view(live=1)),
    *(view(pointer=each) for each in (3, [1], [2, 0], [-0.1, 0], ["0", 0], [True, 0], [0, 0, 0])),
    json.dumps(view()).replace("null", "[NaN, 0]").encode(),
    json.dumps(view()).replace("null", "[1e999, 0]").encode(),
    json.dumps(view()).replace("null", "[Infinity, 0]").encode(),
]


@pytest.mark.parametrize("body", BAD_VIEWS)
def test_a_malformed_view_reaches_nobody(body: Any):
    async def lecture() -> None:
        lecturer = await Lecturer().open()
        reply = await lecturer.put("view", body)
        assert (reply.status, reply.error) == (400, "That could not be read.")
        async with Follower(lecturer.code) as one:
            await one.newest("room")
            assert one.seen("view") == []

    run(lecture())


def asked(**other: Any) -> dict[str, Any]:
    return {"question": {"en": ONE}, "truth": {}, "attempt": 1, **other}


BAD_ROUNDS: list[Any] = [
    *(b"", b"[]", {}, asked(more=1), asked(attempt=3), asked(attempt="1"), asked(truth=[])),
    *(asked(question=each) for each in ({}, [], {"en": {}}, {"en": []}, {"en": ONE, "zh": WHERE})),
    asked(question={str(n): ONE for n in range(9)}),
    *(asked(question={"en": {**ONE, "options": each}}) for each in ([], ["1"], 3, "ab", None)),
    *(asked(question={"en": {**NUMBER, "low": each}}) for each in ("0", None, True, [])),
    *(asked(question={"en": {**WHERE, "grid": each}}) for each in ([], [1], [9999, 2], [-1, 2], 3)),
    asked(question={"en": {**ONE, "kind": "other"}}),
]


@pytest.mark.parametrize("body", BAD_ROUNDS)
def test_a_question_that_cannot_be_answered_is_not_asked(body: Any):
    async def lecture() -> None:
        lecturer = await Lecturer().open()
        assert (await lecturer.put("round", body)).status == 400
        async with Follower(lecturer.code) as one:
            await one.newest("room")
            assert one.seen("round") == []

    run(lecture())


BAD_ANSWERS: list[Any] = [
    *(b"", b"[]", b"1", {}, {"round": 1, "browser": "browser-1"}),
    *({"round": 1, "browser": each, "answer": 1} for each in ("short", "a" * 65, "ü" * 9, 3, None)),
    *({"round": each, "browser": "browser-1", "answer": 1} for each in ("1", None, 1.5, [])),
    {"round": 1, "browser": "browser-1", "answer": 1, "more": 1},
]


@pytest.mark.parametrize("body", BAD_ANSWERS)
def test_a_malformed_answer_is_none(body: Any):
    async def lecture() -> None:
        lecturer = await Lecturer().open()
        assert await lecturer.ask() == 1
        assert (await send("POST", f"/rooms/{lecturer.code}/answers", body)).status == 400

    run(lecture())


@pytest.mark.parametrize("body", [1, "true", None, {}, b"", b"TRUE", b"NaN"])
def test_a_pause_is_yes_or_no(body: Any):
    async def lecture() -> None:
        lecturer = await Lecturer().open()
        assert (await lecturer.put("paused", body)).status == 400

    run(lecture())


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("view", limits.VIEW_BYTES),
        ("round", limits.ROUND_BYTES),
        ("paused", limits.ANSWER_BYTES),
    ],
)
def test_a_body_is_not_read_beyond_its_limit(path: str, most: int):
    async def lecture() -> None:
        lecturer = await Lecturer().open()
        assert (await lecturer.put(path, b" " * most)).status == 400
        assert (await lecturer.put(path, b" " * (most + 1))).status == 413

    run(lecture())


def test_a_body_that_never_comes_is_given_up(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(routes, "BODY_S", 0.01)

    async def lecture() -> None:
        lecturer = await Lecturer().open()
        from route_client import ask, chunk

        slow = [chunk(b"{", more=True)]
        path = f"/rooms/{lecturer.code}/view"
        reply = await ask(
            path, method="PUT", body=slow, headers={"x-pointwise-secret": lecturer.secret}
        )
        assert reply.status == 408

    run(lecture())


@pytest.mark.parametrize("code", [*HOSTILE, "K7QM-2FX", "K7QM-2FXAA", "U" * 8, "%2e%2e", "*"])
def test_a_hostile_code_is_no_room(code: str):
    async def lecture() -> None:
        path = f"/rooms/{code.replace('/', '')}"
        for reply in (await send("GET", path), await send("GET", f"{path}/events")):
            assert reply.status in (404, 405)

    run(lecture())


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
        for _ in range(3 * limits.WRONG_CODES):
            assert (await send("GET", f"/rooms/{wrong(1)}")).status == 404

    run(lecture())


def test_what_is_known_of_addresses_is_bounded(monkeypatch: pytest.MonkeyPatch, room: rooms.Rooms):
    monkeypatch.setattr("viz.rooms.pace.ADDRESSES", 5)

    async def lecture() -> None:
        lecturer = await Lecturer().open()
        for n in range(20):
            for code in (wrong(n), lecturer.code):
                await send("GET", f"/rooms/{code}", client=f"192.0.2.{n}")
        assert len(room._guesses._wrong) == len(room._guesses._right) == 5

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
    monkeypatch.setattr(store, "ROOMS", 3)

    async def lecture() -> None:
        lecturers = [await Lecturer(n).open() for n in range(3)]
        full = await send("POST", "/rooms", who=secret(9))
        assert (full.status, "later" in full.error) == (503, True)
        clock.now += limits.IDLE_S
        for each in lecturers[1:]:
            await each.show()
        await Lecturer(9).open()
        found = [(await send("GET", f"/rooms/{each.code}")).status for each in lecturers]
        assert found == [404, 200, 200]

    run(lecture())


def test_one_address_opens_only_so_many(room: rooms.Rooms, clock: Clock):
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


def test_a_room_is_forgotten_after_hours(clock: Clock, room: rooms.Rooms):
    async def lecture() -> None:
        lecturer = await Lecturer().open()
        async with Follower(lecturer.code) as one:
            clock.now += limits.FORGOTTEN_S - 1
            room.store.sweep()
            await lecturer.show()
            await one.newest("view")
            clock.now += limits.FORGOTTEN_S
            room.store.sweep()
            await asyncio.wait_for(one.task, 10)
            assert one.seen("room")[-1]["ended"] is True
        assert kept(room) == 0

    run(lecture())


def test_a_flood_of_answers_is_cut_where_nobody_follows(room: rooms.Rooms):
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
    monkeypatch.setattr(store, "FOLLOWERS", 5)

    async def lecture() -> None:
        lecturer = await Lecturer().open()
        number = await lecturer.ask()
        flood = [await answer(lecturer.code, number, 1, n, client=f"192.0.2.{n}") for n in range(8)]
        assert [each.status for each in flood] == [204] * 5 + [503] * 3

    run(lecture())


def test_a_tally_has_a_bounded_number_of_bars():
    answers = [str(n) for n in range(500)] + ["7", "7"]
    told = rooms.room.tally(answers)
    assert (len(told), told[0]) == (limits.DIFFERENT_ANSWERS, (7, 3))


@pytest.fixture(params=["a room", "an address", "the process"])
def few_streams(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    where = {
        "a room": (feed, "FOLLOWERS"),
        "an address": (feed, "FOLLOWERS_PER_ADDRESS"),
        "the process": (rooms.room, "STREAMS"),
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


def test_followers_who_leave_leave_nothing_behind(room: rooms.Rooms):
    async def lecture() -> None:
        lecturer = await Lecturer().open()
        await lecturer.show()
        for n in range(20):
            async with Follower(lecturer.code, client=f"192.0.2.{n}") as one:
                await one.newest("view")
        there = room.feeds.get(lecturer.code)
        assert (there.streams, there.followers, dict(there._addresses)) == (0, 0, {})
        assert there._timer is None or there._timer.cancelled()
        assert asyncio.all_tasks() == {asyncio.current_task()}

    run(lecture())


def test_a_follower_who_stops_reading_is_let_go(monkeypatch: pytest.MonkeyPatch, room: rooms.Rooms):
    monkeypatch.setattr(routes, "STALLED_S", 0.05)

    async def lecture() -> None:
        lecturer = await Lecturer().open()
        async with Follower(lecturer.code) as one:
            await one.newest("room")
            one.reads.clear()
            await lecturer.show()
            await asyncio.wait_for(one.task, 10)
            assert room.feeds.get(lecturer.code).streams == 0

    run(lecture())


def test_streams_end_when_the_server_stops_and_the_room_goes_on(room: rooms.Rooms):
    async def lecture() -> None:
        lecturer = await Lecturer().open()
        async with Follower(lecturer.code) as one:
            await one.newest("room")
            room.feeds.stop()
            await asyncio.wait_for(one.task, 10)
            assert one.seen("room")[-1]["ended"] is False

    run(lecture())


def test_what_goes_wrong_inside_is_logged_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    async def lecture() -> None:
        lecturer = await Lecturer().open()

        def broken(*_: Any) -> Any:
            raise RuntimeError("inside")

        monkeypatch.setattr(routes.ROOMS.store, "put", broken)
        reply = await lecturer.put("view", view())
        assert reply.status == 500
        assert "inside" not in reply.error
        assert reply.error.split()[-1].rstrip(".") in caplog.text
        assert lecturer.code not in caplog.text
        assert lecturer.secret not in caplog.text

    run(lecture())
