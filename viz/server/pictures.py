"""The route of the pictures: as PNG, at a working size or as a thumbnail."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

from viz.server import answers, requests
from viz.server.requests import NO_PICTURE, Refused

if TYPE_CHECKING:
    from viz.images import Picture

THUMBNAIL_PX = range(16, 257)
MEDIA_TYPE = "image/png"
# A picture's key depends on its content, so a cached answer stays correct.
SHIPPED = "public, max-age=3600"
UPLOADED = "private, max-age=3600"


async def answer(request: Request) -> Response:
    """A picture as PNG: at a working size, or as a thumbnail."""
    return await answers.answered(request, _answer)


async def _answer(request: Request) -> Response:
    from viz import images

    query = requests.parameters(await requests.query_text(request))
    found = images.find(request.path_params["key"])
    if found is None:
        raise Refused(*NO_PICTURE)
    if "thumbnail_px" in query:
        side = requests.whole(query, "thumbnail_px", THUMBNAIL_PX)
        return await _png(request, found, side, thumbnail=True)
    return await _png(request, found, _working_size(query), thumbnail=False)


def _working_size(query: dict[str, str]) -> int:
    from viz.view import View

    if View.invalid_fields(query):
        raise Refused(400, "working_size_px is not an allowed value.")
    return View.from_query(query).working_size_px


async def _png(request: Request, found: Picture, size_px: int, *, thumbnail: bool) -> Response:
    """The PNG, cached or from the pictures' queue, where no request supersedes another."""
    from viz.run import PICTURES, pictures

    cache = SHIPPED if found.slug else UPLOADED
    key = pictures.png_key(found, size_px, thumbnail=thumbnail)
    body = pictures.ready_png(key)
    if body is None and request.method == "HEAD":
        return answers.nothing_computed(MEDIA_TYPE)
    if body is None:
        work = partial(pictures.png, found, size_px, thumbnail=thumbnail)
        address = requests.address(request)
        body = await answers.waited_for(
            request,
            lambda: PICTURES.ask(object(), key, work, visitor=address, address=address),
        )
    return answers.sent(request, body, MEDIA_TYPE, cache)
