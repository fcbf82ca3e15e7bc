"""Our own routes beside Streamlit's, and what happens when the server starts."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Mapping
from concurrent.futures import Future
from contextlib import asynccontextmanager
from secrets import token_hex
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from viz import memory, start
from viz.lessons import LESSONS

MAX_QUERY_BYTES = 128 * 1024  # two matrices of 4,096 cells set by hand are some 105 kB
MAX_PARAMETERS = 256
MOST_NAMED = 3  # of the parameters that an error complains of
SHOWN_PX = range(8, 2049)
THUMBNAIL_PX = range(16, 257)
TOKEN = re.compile(r"[A-Za-z0-9_-]{8,64}")
SECONDS = 60

_LOG = logging.getLogger(__name__)


class Refused(Exception):
    """Why a request gets nothing: the status, and one sentence for whoever asked."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(status, sentence)
        self.status, self.sentence = status, sentence


TOO_LONG = 400, "The query is too long."
NO_PICTURE = 404, "This picture is no longer here; please upload it again."
NEWER = 409, "Something newer was asked for."


@asynccontextmanager
async def lifespan(_: Any) -> AsyncIterator[None]:
    """Begins the heavy imports behind the first page; in the lifespan itself they would hold it."""
    memory.keep_few_arenas()
    start.begin()
    yield


def routes(prefix: str = "") -> list[Route]:
    """The routes under the server's base path.

    >>> [route.path for route in routes("/base")]
    ['/base/lab', '/base/maps/{slug}', '/base/pictures/{key}']
    """
    return [
        Route(f"{prefix}/{LESSONS[0].slug}", _home),
        Route(f"{prefix}/maps/{{slug}}", _maps, methods=["GET", "POST"]),
        Route(f"{prefix}/pictures/{{key}}", _picture),
    ]


async def _home(request: Request) -> Response:
    """The default page lives at the root; its name leads there with all it says.

    The way is relative, so that it is right under whatever path the server is reached.
    """
    query = _text(request)
    return RedirectResponse(f"./?{query}" if query else "./", status_code=307)


async def _maps(request: Request) -> Response:
    """The buffer for the setting in the query, see `packing.join`."""
    return await _answered(request, _maps_work)


async def _picture(request: Request) -> Response:
    """A picture as PNG: at a working size, or as a thumbnail."""
    return await _answered(request, _picture_work)


Work = tuple[Hashable, Hashable, Callable[[], bytes], str]  # owner, key, work, media type


async def _answered(
    request: Request, prepare: Callable[[Request, Mapping[str, str]], Work]
) -> Response:
    """The answer, or a small error; what nobody thought of is told to the log, by a name."""
    try:
        async with asyncio.timeout(SECONDS):
            return await _worked_out(request, prepare)
    except Refused as refused:
        return _error(refused.status, refused.sentence)
    except ClientDisconnect:
        return _error(*NEWER)  # nobody reads it
    except TimeoutError:
        return _error(503, "That took too long.")
    except Exception:
        name = token_hex(4)
        _LOG.exception("%s: no answer to %.200r", name, request.scope["path"])
        return _error(500, f"Something went wrong here; the log knows it as {name}.")


async def _worked_out(
    request: Request, prepare: Callable[[Request, Mapping[str, str]], Work]
) -> Response:
    """Queues what `prepare` makes of the query and waits for it, or for the visitor to leave."""
    if not start.ready():
        await asyncio.to_thread(start.wait)
    from viz.run import QUEUE, Busy, Superseded
    from viz.run.drawing import Mismatch

    owner, key, work, media_type = prepare(request, await _query(request))
    try:
        body = await _unless_gone(request, QUEUE.ask(owner, key, work))
    except Busy:
        raise Refused(503, "The server is busy.") from None
    except Superseded:
        raise Refused(*NEWER) from None
    except Mismatch:
        raise Refused(
            400, "A and B have maps of different shapes, so they have no difference."
        ) from None
    return Response(body, media_type=media_type, headers=_HEADERS[media_type])


# Compressing costs 45 ms and saves little; `identity` keeps the middleware off. A picture is found
# by what it shows, so what was fetched once stays right.
_HEADERS = {
    "application/octet-stream": {"content-encoding": "identity", "cache-control": "no-store"},
    "image/png": {"content-encoding": "identity", "cache-control": "private, max-age=3600"},
}


def _error(status: int, text: str) -> Response:
    return JSONResponse({"error": text}, status_code=status, headers={"cache-control": "no-store"})


async def _query(request: Request) -> dict[str, str]:
    """The parameters of a GET, or of a POST where they are too long for an address."""
    text = _text(request)
    if request.method == "POST":
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_QUERY_BYTES:
                raise Refused(*TOO_LONG)
        text = body.decode("ascii", errors="replace")
    if len(text) > MAX_QUERY_BYTES:
        raise Refused(*TOO_LONG)
    try:
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_PARAMETERS))
    except ValueError:
        raise Refused(400, "The query has too many parameters.") from None


def _text(request: Request) -> str:
    """What stands behind the question mark; bytes that no address may hold become signs."""
    return bytes(request.scope["query_string"]).decode("ascii", errors="replace")


def _maps_work(request: Request, query: Mapping[str, str]) -> Work:
    from viz import devices, experiments, images
    from viz.run import drawing
    from viz.view import View

    slug = request.path_params["slug"]
    try:
        experiment = experiments.load(slug)
    except KeyError:
        raise Refused(404, "There is no such lesson.") from None
    wrong = [*View.misread(query), *experiment.Setting.misread(query)]
    if wrong:
        raise Refused(400, f"Not an allowed value: {', '.join(wrong[:MOST_NAMED])}.")
    view, setting = View.from_query(query), experiment.Setting.from_query(query)
    shown_px = _whole(query, "shown_px", SHOWN_PX)
    token = query.get("token", "")
    if not TOKEN.fullmatch(token):
        raise Refused(400, "token is missing or malformed.")
    picture = images.find(view.picture)
    if picture is None:
        raise Refused(*NO_PICTURE)
    settled = query.get("settled") == "1" and devices.available() != ("cpu",)

    def work() -> bytes:
        return drawing.draw(experiment, setting, view, picture, shown_px, compare_cpu=settled)

    return (token, slug), (slug, view, setting, shown_px, settled), work, "application/octet-stream"


def _picture_work(request: Request, query: Mapping[str, str]) -> Work:
    from viz import images
    from viz.run import drawing
    from viz.view import View

    key = request.path_params["key"]
    picture = images.find(key)
    if picture is None:
        raise Refused(*NO_PICTURE)
    found = picture
    if "thumbnail_px" in query:
        side = _whole(query, "thumbnail_px", THUMBNAIL_PX)
        return _png((key, "thumbnail", side), lambda: drawing.thumbnail(found, side))
    if View.misread(query):
        raise Refused(400, "working_size_px is not an allowed value.")
    size = View.from_query(query).working_size_px
    return _png((key, size), lambda: images.png(images.at_working_size(found, size).pixels))


def _png(key: Hashable, work: Callable[[], bytes]) -> Work:
    """Every request has an owner of its own: of pictures none takes another's place."""
    return object(), key, work, "image/png"


def _whole(query: Mapping[str, str], name: str, allowed: range) -> int:
    text = query.get(name, "")
    if not re.fullmatch(r"[0-9]{1,5}", text) or int(text) not in allowed:
        raise Refused(400, f"{name} must be a whole number, {allowed[0]} to {allowed[-1]}.")
    return int(text)


async def _unless_gone(request: Request, future: Future[bytes]) -> bytes:
    """The future's result; when the visitor hangs up first, the request is taken back."""
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
