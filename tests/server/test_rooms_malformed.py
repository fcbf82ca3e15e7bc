"""What no page of ours sends to a room: refused, in one sentence, and passed on to nobody."""

from __future__ import annotations

import json
from typing import Any

import pytest
from room_client import NUMBER, ONE, WHERE, Follower, Lecturer, asked, kept, run, send, view
from route_client import HOSTILE, ask, chunk

from viz.rooms import limits
from viz.server import rooms as routes

pytestmark = pytest.mark.usefixtures("room")


@pytest.mark.parametrize("who", ["", "short", "ü" * 43, " " + "a" * 42, "a" * 44, "a" * 42 + "="])
def test_a_malformed_secret_opens_nothing(who: str):
    async def lecture() -> None:
        try:
            reply = await send("POST", "/rooms", who=who)
        except UnicodeEncodeError:
            return  # no header can hold it
        assert reply.status == 400
        assert await kept() == 0

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


NAN = float("nan")  # which Python writes as JSON, though it is none
BAD_ROUNDS: list[Any] = [
    *(b"", b"[]", {}, asked(more=1), asked(attempt=3), asked(attempt="1"), asked(truth=[])),
    *(asked(question=each) for each in ({}, [], {"en": {}}, {"en": []}, {"en": ONE, "zh": WHERE})),
    asked(question={str(n): ONE for n in range(9)}),
    *(asked(question={"en": {**ONE, "options": each}}) for each in ([], ["1"], 3, "ab", None)),
    *(asked(question={"en": {**NUMBER, "low": each}}) for each in ("0", None, True, [], NAN)),
    asked(truth={"right": NAN}),
    *(asked(question={"en": {**WHERE, "grid": each}}) for each in ([], [1], [9999, 2], [-1, 2], 3)),
    asked(question={"en": {**ONE, "kind": "other"}}),
]


@pytest.mark.parametrize("body", BAD_ROUNDS)
def test_a_question_that_cannot_be_answered_is_not_asked(body: Any):
    async def lecture() -> None:
        lecturer = await Lecturer().open()
        assert (await lecturer.put("round", body)).status == 400
        async with Follower(lecturer.code) as one:
            assert await one.newest("round") is None

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


@pytest.mark.parametrize("body", [1, True, {}, {"truth": 1}, {"truth": True, "more": 1}, b"{"])
def test_a_truth_is_told_or_not(body: Any):
    async def lecture() -> None:
        lecturer = await Lecturer().open()
        await lecturer.ask()
        assert (await lecturer.close(body)).status == 400

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
