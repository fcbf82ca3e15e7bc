"""The routes of the rooms: what a lecturer sets, what followers answer, and the stream of events."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable
from functools import partial
from secrets import token_hex

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from viz import rooms
from viz.lessons import LESSONS
from viz.rooms import Feed, reading
from viz.rooms.limits import ANSWER_BYTES, ROUND_BYTES, STALLED_S, VIEW_BYTES
from viz.server import answers, requests

SECRET_HEADER = "x-pointwise-secret"
BODY_S = 10  # within which a body must be here
MEDIA_TYPE = "text/event-stream"
STREAMED = {"cache-control": "no-cache", "x-accel-buffering": "no"}  # no proxy may wait for more


class TooLong(rooms.Malformed):
    """The body has more bytes than allowed."""

    sentence = "That is too much at once."


STATUS: dict[type[rooms.Refusal], int] = {
    rooms.Malformed: 400,
    TooLong: 413,
    rooms.NotYours: 403,
    rooms.Gone: 404,
    rooms.Late: 409,
    rooms.Twice: 409,
    rooms.TooFast: 429,
    rooms.Full: 503,
    rooms.Down: 503,
}
ROOMS = rooms.Rooms(partial(rooms.store_at, os.environ.get("POINTWISE_REDIS_URL", "")))

_LOG = logging.getLogger(__name__)
_SLUGS = frozenset(lesson.slug for lesson in LESSONS)

Answer = Callable[[Request], Awaitable[Response]]


def routes(prefix: str = "") -> list[Route]:
    """The routes under the server's base path."""
    room = f"{prefix}/rooms/{{code}}"
    table: list[tuple[str, str, Answer]] = [
        ("POST", f"{prefix}/rooms", _open),
        ("GET", room, _found),
        ("DELETE", room, _end),
        ("GET", f"{room}/events", _events),
        ("PUT", f"{room}/view", _show),
        ("PUT", f"{room}/paused", _pause),
        ("PUT", f"{room}/round", _ask),
        ("DELETE", f"{room}/round", _drop_round),
        ("POST", f"{room}/round/closed", _close_round),
        ("POST", f"{room}/answers", _answer),
    ]
    return [Route(path, _answered(act), methods=[method]) for method, path, act in table]


def _answered(act: Answer) -> Answer:
    """The answer, or one sentence why there is none; an unexpected error is logged."""

    async def answer(request: Request) -> Response:
        try:
            return await act(request)
        except rooms.Refusal as refusal:
            return _said({"error": str(refusal)}, STATUS[type(refusal)])
        except ClientDisconnect:
            return _said({"error": "Nobody waits for this."}, 409)
        except TimeoutError:
            return _said({"error": "That took too long."}, 408)
        except Exception:
            name = token_hex(4)
            _LOG.exception("%s: no answer to a request about a room", name)
            return _said({"error": f"Something went wrong here; the log lists it as {name}."}, 500)

    return answer


def _said(value: object, status: int = 200) -> Response:
    return JSONResponse(value, status, headers={"cache-control": answers.NO_STORE})


def _done() -> Response:
    return Response(status_code=204, headers={"cache-control": answers.NO_STORE})


def _secret(request: Request) -> str:
    return request.headers.get(SECRET_HEADER, "")


def _code(request: Request) -> str:
    return str(request.path_params["code"])


async def _body(request: Request, most: int) -> bytes:
    """The body, if it is here soon and is not longer than `most` bytes."""
    body = b""
    async with asyncio.timeout(BODY_S):
        async for chunk in request.stream():
            body += chunk
            if len(body) > most:
                raise TooLong
    return body


# ── The lecturer ────────────────────────────────────────────────────────────────────────────────


async def _open(request: Request) -> Response:
    code = await ROOMS.open(_secret(request), requests.address(request))
    return _said({"code": code}, 201)


async def _end(request: Request) -> Response:
    await ROOMS.end(_code(request), _secret(request))
    return _done()


async def _show(request: Request) -> Response:
    view = reading.view(await _body(request, VIEW_BYTES), _SLUGS)
    await ROOMS.show(_code(request), _secret(request), view)
    return _done()


async def _pause(request: Request) -> Response:
    paused = reading.flag(await _body(request, ANSWER_BYTES))
    await ROOMS.pause(_code(request), _secret(request), paused)
    return _done()


async def _ask(request: Request) -> Response:
    asked = reading.asked(await _body(request, ROUND_BYTES))
    return _said({"number": await ROOMS.ask(_code(request), _secret(request), *asked)})


async def _close_round(request: Request) -> Response:
    truth = reading.told(await _body(request, ANSWER_BYTES))
    await ROOMS.close_round(_code(request), _secret(request), truth=truth)
    return _done()


async def _drop_round(request: Request) -> Response:
    await ROOMS.drop_round(_code(request), _secret(request))
    return _done()


# ── The followers ───────────────────────────────────────────────────────────────────────────────


async def _found(request: Request) -> Response:
    return _said({"code": await ROOMS.find(_code(request), requests.address(request))})


async def _answer(request: Request) -> Response:
    said = reading.answered(await _body(request, ANSWER_BYTES))
    await ROOMS.answer(_code(request), requests.address(request), *said)
    return _done()


async def _events(request: Request) -> Response:
    address = requests.address(request)
    feed = await ROOMS.follow(_code(request), address)
    if request.method == "HEAD":
        return Response(media_type=MEDIA_TYPE, headers=STREAMED)
    return Events(feed, address, lecturer="lecturer" in request.query_params)


class Events(StreamingResponse):
    """The events of a room, for as long as the follower reads them.

    What a follower does not read waits in the connection, 64 kB at most; after that the stream
    waits, and after half a minute of it ends. A later event takes the place of the one that waits.
    """

    def __init__(self, feed: Feed, address: str, *, lecturer: bool) -> None:
        super().__init__(feed.events(), media_type=MEDIA_TYPE, headers=STREAMED)
        self._feed, self._address, self._lecturer = feed, address, lecturer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def soon(message: Message) -> None:
            async with asyncio.timeout(STALLED_S):
                await send(message)

        with self._feed.place(self._address, lecturer=self._lecturer):
            try:
                await super().__call__(scope, receive, soon)
            except TimeoutError:
                _LOG.info("a follower of a room has stopped reading")
