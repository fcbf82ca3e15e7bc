"""Rooms as their routes serve them: a class that follows, predicts and is told, on either store."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from room_client import (
    NUMBER,
    ONE,
    TRUTH,
    WHERE,
    Follower,
    Lecturer,
    answer,
    kept,
    run,
    secret,
    send,
    view,
)

from viz import rooms
from viz.rooms import feed
from viz.server import rooms as routes

pytestmark = pytest.mark.usefixtures("both")


def is_open(round: dict[str, Any] | None) -> bool:
    return bool(round and round["open"])


# ── Following ───────────────────────────────────────────────────────────────────────────────────


def test_a_latecomer_gets_the_last_state_first_then_changes():
    async def lecture() -> None:
        lecturer = await Lecturer().open()
        await lecturer.show(1)
        await lecturer.show(2)
        async with Follower(lecturer.code) as late:
            assert await late.newest("view") == view(2)
            assert late.kinds == ["room", "view", "round"]
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


def test_a_stream_without_a_body_ends():
    async def lecture() -> None:
        lecturer = await Lecturer().open()
        reply = await send("HEAD", f"/rooms/{lecturer.code}/events")
        assert (reply.status, reply.body) == (200, b"")
        assert routes.ROOMS.feeds.streams == 0

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
            await one.until("room", lambda room: room["paused"])
            await lecturer.show(2)
            await lecturer.ask()
            await one.until("round", is_open)  # what came before it would be here too
            assert (await lecturer.put("paused", False)).status == 204
            await lecturer.show(3)
            assert await one.events("view", 2) == [view(1), view(3)]
            assert one.seen("room")[-1]["paused"] is False

    run(lecture())


def test_the_end_is_told_and_nothing_is_kept(both: rooms.Rooms):
    async def lecture() -> None:
        lecturer = await Lecturer().open()
        async with Follower(lecturer.code) as one:
            await one.newest("room")
            assert (await lecturer.delete()).status == 204
            await asyncio.wait_for(one.task, 10)
            assert (await one.newest("room"))["ended"] is True
        assert (await send("GET", f"/rooms/{lecturer.code}")).status == 404
        assert both.feeds.codes() == []
        assert await kept() == 0

    run(lecture())


def test_followers_are_counted_and_the_lecturer_is_not(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(feed, "SOON_S", 0.01)

    async def lecture() -> None:
        lecturer = await Lecturer().open()
        async with Follower(lecturer.code, "lecturer") as own, Follower(lecturer.code):
            async with Follower(lecturer.code):
                await own.until("room", lambda room: room["followers"] == 2)
            await own.until("room", lambda room: room["followers"] == 1)

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


def test_what_has_not_changed_is_not_sent_again():
    async def lecture() -> None:
        lecturer = await Lecturer().open()
        await lecturer.show(1)
        async with Follower(lecturer.code) as one:
            await one.newest("view")
            await lecturer.show(1)
            await lecturer.ask()
            await one.until("round", is_open)  # what came before it would be here too
            assert one.seen("view") == [view(1)]

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
            asked = await one.until("round", is_open)
            assert asked == {
                "number": number,
                "attempt": 1,
                "question": {"en": ONE},
                "open": True,
            }
            for browser, said in enumerate([1, 0, 1]):
                assert (await answer(lecturer.code, number, said, browser)).status == 204
            await one.until("answers", lambda count: count == {"round": number, "answers": 3})
            assert "because" not in one.text
            assert (await lecturer.close()).status == 204
            closed = await one.until("round", lambda round: not round["open"])
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
            asked = await one.until("round", is_open)
            assert (asked["attempt"], asked["before"]) == (2, [[2, 1]])
            await lecturer.close()
            closed = await one.until("round", lambda round: not round["open"])
            assert (closed["before"], closed["tally"]) == ([[2, 1]], [[1, 1]])
        await lecturer.ask(attempt=1)
        async with Follower(lecturer.code) as one:
            assert "before" not in await one.until("round", is_open)

    run(lecture())


def test_the_truth_may_wait_for_a_second_attempt():
    async def lecture() -> None:
        lecturer = await Lecturer().open()
        async with Follower(lecturer.code) as one:
            first = await lecturer.ask()
            await answer(lecturer.code, first, 2)
            assert (await lecturer.close({"truth": False})).status == 204
            closed = await one.until("round", lambda round: round and not round["open"])
            assert closed["tally"] == [[2, 1]]
            assert (await lecturer.close({"truth": False})).status == 409
            await lecturer.ask(attempt=2)
            assert (await one.until("round", is_open))["before"] == [[2, 1]]
            assert (await lecturer.close({"truth": False})).status == 204
            assert "because" not in one.text
            assert (await lecturer.close({"truth": True})).status == 204
            told = await one.until("round", lambda round: "truth" in round)
            assert (told["truth"], told["tally"], told["before"]) == (TRUTH, [], [[2, 1]])
            assert (await lecturer.close()).status == 409

    run(lecture())


def test_what_nobody_has_seen_of_the_first_attempt_waits_for_the_end_of_the_second():
    async def lecture() -> None:
        lecturer = await Lecturer().open()
        async with Follower(lecturer.code) as one:
            first = await lecturer.ask()
            await answer(lecturer.code, first, 0)
            second = await lecturer.ask(attempt=2)
            asked = await one.until("round", lambda round: round and round["number"] == second)
            assert (asked["attempt"], "before" in asked, asked["open"]) == (2, False, True)
            assert (await answer(lecturer.code, first, 1, 2)).status == 409
            await answer(lecturer.code, second, 1)
            await lecturer.close()
            closed = await one.until("round", lambda round: not round["open"])
            assert (closed["before"], closed["tally"]) == ([[0, 1]], [[1, 1]])

    run(lecture())


def test_another_question_is_no_second_attempt():
    async def lecture() -> None:
        lecturer = await Lecturer().open()
        for close in (True, False):
            await lecturer.ask(ONE)
            if close:
                await lecturer.close()
            await lecturer.ask(NUMBER, attempt=2)
            await lecturer.close()
            async with Follower(lecturer.code) as one:
                asked = await one.until("round", lambda round: round is not None)
                assert (asked["attempt"], "before" in asked) == (1, False)

    run(lecture())


def test_a_question_taken_away_is_gone():
    async def lecture() -> None:
        lecturer = await Lecturer().open()
        number = await lecturer.ask()
        async with Follower(lecturer.code) as one:
            await one.until("round", is_open)
            assert (await lecturer.delete("/round")).status == 204
            await one.until("round", lambda round: round is None)
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


def test_a_store_takes_no_late_answer_of_another_server(both: rooms.Rooms):
    """Between two servers, only the store knows whether a round is still open."""

    async def lecture() -> None:
        store, code = both.store, (await Lecturer().open()).code
        first = await store.begin(code)
        second = await store.begin(code)
        with pytest.raises(rooms.Late):
            await store.answer(code, first, "browser-1", "1")
        await store.answer(code, second, "browser-1", "1")
        assert await store.close(code) == ["1"]
        for late in (store.answer(code, second, "browser-2", "1"), store.close(code)):
            with pytest.raises(rooms.Late):
                await late

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
            closed = await one.until("round", lambda round: "tally" in round)
            assert closed["tally"] == [[said, 1] for said in good]

    run(lecture())


# ── Who may not ─────────────────────────────────────────────────────────────────────────────────

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
    monkeypatch.setattr("viz.rooms.room.code_of", lambda _: "SAMEC0DE")

    async def lecture() -> None:
        lecturer = await Lecturer(1).open()
        assert lecturer.code == "SAMEC0DE"
        assert (await send("POST", "/rooms", who=secret(2))).status == 403
        for method, path, body in LECTURERS:
            reply = await send(method, f"/rooms/SAMEC0DE{path}", body, secret(2))
            assert reply.status == 403

    run(lecture())


def test_followers_who_leave_leave_nothing_behind(both: rooms.Rooms):
    async def lecture() -> None:
        lecturer = await Lecturer().open()
        await lecturer.show()
        before = asyncio.all_tasks()
        for n in range(20):
            async with Follower(lecturer.code, client=f"192.0.2.{n}") as one:
                await one.newest("view")
        there = both.feeds.get(lecturer.code)
        assert (there.streams, there.followers, dict(there._addresses)) == (0, 0, {})
        assert there._timer is None or there._timer.cancelled()
        assert asyncio.all_tasks() == before

    run(lecture())


def test_a_follower_who_stops_reading_is_let_go(monkeypatch: pytest.MonkeyPatch, both: rooms.Rooms):
    monkeypatch.setattr(routes, "STALLED_S", 0.05)

    async def lecture() -> None:
        lecturer = await Lecturer().open()
        async with Follower(lecturer.code) as one:
            await one.newest("room")
            one.reads.clear()
            await lecturer.show()
            await asyncio.wait_for(one.task, 10)
            assert both.feeds.get(lecturer.code).streams == 0

    run(lecture())


def test_streams_end_when_the_server_stops_and_the_room_goes_on(both: rooms.Rooms):
    async def lecture() -> None:
        lecturer = await Lecturer().open()
        async with Follower(lecturer.code) as one:
            await one.newest("room")
            both.feeds.stop()
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
