"""Our own routes beside Streamlit's, and what happens when the server starts."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from viz import start
from viz.lessons import LESSONS

MAX_QUERY_BYTES = 64 * 1024  # 4,096 cells of a matrix set by hand are some 50 kB
SHOWN_PX = range(8, 2049)
THUMBNAIL_PX = range(16, 257)
TOKEN = re.compile(r"[A-Za-z0-9_-]{8,64}")
SECONDS = 60


class Malformed(ValueError):
    """A query that no page of ours sends; the text says what is wrong with it."""


@asynccontextmanager
async def lifespan(_: Any) -> AsyncIterator[None]:
    """Begins the heavy imports behind the first page; in the lifespan itself they would hold it."""
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
    """The default page lives at the root; its name leads there with all it says."""
    root = request.url.path.removesuffix(LESSONS[0].slug)
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(root + query, status_code=307)


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
    """Queues what `prepare` makes of the query and waits for it, or for the visitor to leave."""
    await asyncio.to_thread(start.wait)
    from viz.run import QUEUE, Busy, Superseded

    try:
        owner, key, work, media_type = prepare(request, await _query(request))
        body = await _unless_gone(request, QUEUE.ask(owner, key, work))
    except LookupError as error:
        return _error(404, str(error.args[0]))
    except Malformed as error:
        return _error(400, str(error))
    except Busy:
        return _error(503, "The server is busy.")
    except (Superseded, asyncio.CancelledError):
        return _error(409, "Something newer was asked for.")
    except TimeoutError:
        return _error(503, "That took too long.")
    return Response(body, media_type=media_type, headers=_HEADERS)


# Compressing costs 45 ms and saves little; `identity` keeps the middleware off.
_HEADERS = {"content-encoding": "identity", "cache-control": "no-store"}


def _error(status: int, text: str) -> Response:
    return JSONResponse({"error": text}, status_code=status, headers={"cache-control": "no-store"})


async def _query(request: Request) -> dict[str, str]:
    """The parameters of a GET, or of a POST where they are too long for an address."""
    text = request.url.query
    if request.method == "POST":
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_QUERY_BYTES:
                raise Malformed("The query is too long.")
        text = body.decode("ascii", errors="replace")
    if len(text) > MAX_QUERY_BYTES:
        raise Malformed("The query is too long.")
    return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=256))


def _maps_work(request: Request, query: Mapping[str, str]) -> Work:
    from viz import devices, experiments, images
    from viz.run import drawing
    from viz.view import View

    slug = request.path_params["slug"]
    try:
        experiment = experiments.load(slug)
    except KeyError:
        raise LookupError("There is no such lesson.") from None
    wrong = [*View.misread(query), *experiment.Setting.misread(query)]
    if wrong:
        raise Malformed(f"Not an allowed value: {', '.join(wrong)}.")
    view, setting = View.from_query(query), experiment.Setting.from_query(query)
    shown_px = _whole(query, "shown_px", SHOWN_PX)
    token = query.get("token", "")
    if not TOKEN.fullmatch(token):
        raise Malformed("token is missing or malformed.")
    picture = images.find(view.picture)
    if picture is None:
        raise LookupError("This picture is no longer here; please upload it again.")
    settled = query.get("settled") == "1" and devices.available() != ("cpu",)

    def work() -> bytes:
        return drawing.draw(experiment, setting, view, picture, shown_px, compare_cpu=settled)

    return (token, slug), (slug, view, setting, shown_px, settled), work, "application/octet-stream"


def _picture_work(request: Request, query: Mapping[str, str]) -> Work:
    from viz import images
    from viz.view import View

    key = request.path_params["key"]
    picture = images.find(key)
    if picture is None:
        raise LookupError("This picture is no longer here; please upload it again.")
    found = picture
    if "thumbnail_px" in query:
        side = _whole(query, "thumbnail_px", THUMBNAIL_PX)
        name = (key, "thumbnail", side)
        return name, name, lambda: images.thumbnail(found, side), "image/png"
    if View.misread(query):
        raise Malformed("working_size_px is not an allowed value.")
    size = View.from_query(query).working_size_px
    name = (key, "png", size)
    return name, name, lambda: images.png(images.at_working_size(found, size).pixels), "image/png"


def _whole(query: Mapping[str, str], name: str, allowed: range) -> int:
    text = query.get(name, "")
    if not re.fullmatch(r"\d{1,5}", text) or int(text) not in allowed:
        raise Malformed(f"{name} must be a whole number, {allowed[0]} to {allowed[-1]}.")
    return int(text)


async def _unless_gone(request: Request, future: Any) -> bytes:
    """The future's result; when the visitor hangs up first, the request is taken back."""
    answer = asyncio.wrap_future(future)
    gone = asyncio.ensure_future(_gone(request.receive))
    try:
        await asyncio.wait({answer, gone}, timeout=SECONDS, return_when=asyncio.FIRST_COMPLETED)
        if not answer.done():
            answer.cancel()
            raise TimeoutError
        return answer.result()
    finally:
        gone.cancel()


async def _gone(receive: Callable[[], Awaitable[Any]]) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
