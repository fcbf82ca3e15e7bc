"""The route of the columns: the exact values of all maps at one position."""

from __future__ import annotations

import re
from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from viz.server import answers, views
from viz.server.requests import Refused

PLACE = re.compile(r"([0-9]{1,4})\.([0-9]{1,4})")
MEDIA_TYPE = "application/json"


async def answer(request: Request) -> Response:
    """The values at the position in the path, of the maps of the query; see `run.column`."""
    return await answers.answered(request, _answer)


async def _answer(request: Request) -> Response:
    from viz.run import column

    place = _place(request.path_params["place"])
    looking = await views.looking(request)
    lesson, (setting, view, _), picture, token = looking
    key = column.key_of(lesson, setting, view, picture, place)
    body = column.ready(key)
    if body is None and request.method == "HEAD":
        return answers.nothing_computed(MEDIA_TYPE)
    if body is None:
        work = partial(column.column_slices, lesson, setting, view, picture, place)
        # it never takes the place of the maps' request, nor of one for another stage
        owner = (token, lesson.slug, "column", view.stage)
        try:
            body = await views.computed(request, token, owner, key, work)
        except column.Outside:
            raise Refused(400, "The maps have no such row and column.") from None
    return answers.sent(request, body, MEDIA_TYPE, views.cache_of(view))


def _place(text: str) -> tuple[int, int]:
    found = PLACE.fullmatch(text)
    if found is None:
        raise Refused(400, "The position must be row.column, for instance 12.30.")
    return int(found[1]), int(found[2])
