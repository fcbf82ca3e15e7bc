"""Answers to requests: from a cache, from a queue, or an error in one sentence."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Future
from secrets import token_hex
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from viz import warmup
from viz.server.requests import NEWER, Refused
from viz.text import Message

if TYPE_CHECKING:
    from viz.run.buffer import Buffer

SECONDS = 60
TOO_SLOW: Message = "That took too long."
BUSY: Message = "The server is busy."

_LOG = logging.getLogger(__name__)

NO_STORE = "no-store"
# Compressing costs 45 ms and saves little; `identity` keeps the middleware from doing it.
_IDENTITY = {"content-encoding": "identity"}


async def answered(request: Request, answer: Callable[[Request], Awaitable[Response]]) -> Response:
    """The answer, or a short error; an unexpected one is logged with a reference."""
    try:
        async with asyncio.timeout(SECONDS):
            if not warmup.ready():
                await asyncio.to_thread(warmup.wait)
            return await answer(request)
    except Refused as refused:
        return _error(refused.status, refused.sentence)
    except ClientDisconnect:
        return _error(*NEWER)  # the client has disconnected
    except TimeoutError:
        return _error(503, TOO_SLOW)
    except Exception:
        name = token_hex(4)
        _LOG.exception("%s: no answer to %.200r", name, request.scope["path"])
        return _error(500, f"Something went wrong here; the server's log lists it as {name}.")


def _error(status: int, text: str) -> Response:
    return JSONResponse({"error": text}, status_code=status, headers={"cache-control": NO_STORE})


async def waited_for(request: Request, ask: Callable[[], Future[Buffer]]) -> Buffer:
    """The result from a queue; the request is cancelled if the client disconnects first.

    Raises:
        Refused: if the queue is full, a newer request took its place, or the client disconnected.
    """
    from viz.run import Busy, Superseded

    try:
        return await _unless_gone(request, ask())
    except Busy:
        raise Refused(503, BUSY) from None
    except Superseded:
        raise Refused(*NEWER) from None


def sent(
    request: Request,
    body: Buffer,
    media_type: str,
    cache: str,
    said: Mapping[str, str] = MappingProxyType({}),
) -> Response:
    """The answer with its entity tag, or 304 if the browser has it already.

    Args:
        cache: the Cache-Control; an answer with `NO_STORE` has no tag.
        said: other headers; the same for everybody whom a cache may serve.
    """
    headers = {**_IDENTITY, "cache-control": cache, **said}
    if cache != NO_STORE:
        headers["etag"] = body.etag
        if request.method != "POST" and _has_it(request, body.etag):
            return Response(status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)


def _has_it(request: Request, etag: str) -> bool:
    said = request.headers.get("if-none-match", "")
    tags = [tag.strip().removeprefix("W/") for tag in said.split(",")]
    return etag in tags or tags == ["*"]


def nothing_computed(media_type: str) -> Response:
    """The answer to a HEAD for something not cached: it exists, but its size is unknown."""
    answer = Response(media_type=media_type, headers={**_IDENTITY, "cache-control": NO_STORE})
    del answer.headers["content-length"]
    return answer


async def _unless_gone(request: Request, future: Future[Buffer]) -> Buffer:
    answer = asyncio.wrap_future(future)
    gone = asyncio.ensure_future(_gone(request.receive))
    ends: set[asyncio.Future[Any]] = {answer, gone}
    try:
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        if answer.cancelled() or not answer.done():
            raise Refused(*NEWER)
        return answer.result()
    finally:
        answer.cancel()
        gone.cancel()


async def _gone(receive: Callable[[], Awaitable[Any]]) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
