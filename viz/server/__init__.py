"""Our own routes beside Streamlit's, and the server's lifespan."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from viz import memory, warmup
from viz.lessons import LESSONS
from viz.server import column, maps, pictures, qr, requests, rooms
from viz.server.stopping import at_stop


@asynccontextmanager
async def lifespan(_: Any) -> AsyncIterator[None]:
    """Starts the warm-up in the background; the lifespan itself would delay the first page."""
    memory.keep_few_arenas()
    warmup.begin()
    with at_stop(rooms.ROOMS.feeds.stop):
        async with rooms.ROOMS.running():
            yield


def routes(prefix: str = "", own: qr.Own = qr.same_host) -> list[Route]:
    """The routes under the server's base path.

    Args:
        prefix: the server's base path.
        own: whether an origin is the server that a request calls by a host.

    >>> [route.path for route in routes("/base")][:4]
    ['/base/lab', '/base/maps/{slug}', '/base/column/{slug}/{place}', '/base/pictures/{key}']
    """
    return [
        Route(f"{prefix}/{LESSONS[0].slug}", _home),
        Route(f"{prefix}/maps/{{slug}}", maps.answer, methods=["GET", "POST"]),
        Route(f"{prefix}/column/{{slug}}/{{place}}", column.answer, methods=["GET", "POST"]),
        Route(f"{prefix}/pictures/{{key}}", pictures.answer),
        qr.route(prefix, own),
        *rooms.routes(prefix),
    ]


async def _home(request: Request) -> Response:
    """Redirects the default page's name to the root, with its query.

    The redirect is relative, so that it is correct under any base path.
    """
    query = requests.address_text(request)
    return RedirectResponse(f"./?{query}" if query else "./", status_code=307)
