"""The route of the QR codes: an address of this app, and of nothing else, as SVG."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from viz.bounded_cache import BoundedCache
from viz.lessons import LESSONS
from viz.server import answers, requests
from viz.server.requests import Refused

if TYPE_CHECKING:
    from viz.run.buffer import Buffer

MEDIA_TYPE = "image/svg+xml"
CACHE = "private, max-age=3600"  # an address may name a room or an upload
MAX_LENGTH = 800  # of an address; a longer one has more modules than a phone reads off paper

Own = Callable[[str, str], bool]  # whether an origin is the server that a request calls by a host

_PRINTED = re.compile(r"[!-~]+")
_CODES: BoundedCache[str, Buffer] = BoundedCache(2 * 2**20, size_of=len)


def same_host(origin: str, host: str) -> bool:
    """Whether an origin has the host of a request.

    >>> same_host("http://lab.example.org:8501", "LAB.example.org:8501")
    True
    """
    return urlsplit(origin).netloc.lower() == host.lower()


def route(prefix: str = "", own: Own = same_host) -> Route:
    """The route under the server's base path.

    Args:
        prefix: the server's base path.
        own: what counts as this server.
    """
    pages = {f"{prefix}/{name}" for name in ("", *(lesson.slug for lesson in LESSONS))}

    async def answer(request: Request) -> Response:
        return await answers.answered(request, partial(_answer, pages, own))

    return Route(f"{prefix}/qr", answer)


async def _answer(pages: set[str], own: Own, request: Request) -> Response:
    """The code of an address, cached or from the pictures' queue.

    Raises:
        Refused: if the address is not one of this app.
    """
    from viz.run import PICTURES

    query = requests.parameters(await requests.query_text(request))
    text = query.get("text", "")
    if not _is_ours(text, request.headers.get("host", ""), pages, own):
        raise Refused(400, "text must be an address of this app.")
    code = _CODES.get(text)
    if code is None and request.method == "HEAD":
        return answers.nothing_computed(MEDIA_TYPE)
    if code is None:
        sender = requests.address(request)
        code = await answers.waited_for(
            request,
            lambda: PICTURES.ask(
                object(), ("qr", text), partial(_made, text), visitor=sender, address=sender
            ),
        )
    return answers.sent(request, code, MEDIA_TYPE, CACHE)


def _is_ours(text: str, host: str, pages: set[str], own: Own) -> bool:
    """Whether a text is the address of a page; a fragment may hold a secret, which no log may see."""
    if len(text) > MAX_LENGTH or not _PRINTED.fullmatch(text) or "#" in text:
        return False
    try:
        scheme, place, path, _, _ = urlsplit(text)
    except ValueError:
        return False
    named = scheme in ("http", "https") and place
    return bool(named and path in pages and own(f"{scheme}://{place}", host))


def _made(text: str) -> Buffer:
    from viz.qr_code import svg
    from viz.run.buffer import Buffer

    code = Buffer(svg(text))
    _CODES.put(text, code)
    return code
