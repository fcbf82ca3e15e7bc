"""Reads what a request looks at: lesson, Setting, View and picture; and computes it in the queue."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from starlette.requests import Request

from viz import lessons
from viz.server import answers, requests
from viz.server.requests import NO_PICTURE, Refused
from viz.text import Message

if TYPE_CHECKING:
    from viz.images import Picture
    from viz.lessons.lesson import Lesson
    from viz.run.buffer import Buffer
    from viz.run.stages import Slices
    from viz.settings import Setting
    from viz.view import View

NO_DIFFERENCE: Message = "A and B have maps of different shapes, so they have no difference."
MAX_NAMED = 3  # wrong parameters that an error lists
MAX_CACHED_LENGTH = 2048  # of a query whose meaning is cached; a longer one has cells set by hand

# The same address gives the same numbers, except for milliseconds and updates of the app.
SHIPPED = "public, max-age=60"
UPLOADED = "private, no-cache"  # revalidated by its tag: an upload may have been evicted
DIGEST = re.compile(r"[0-9a-f]{64}")  # the key of an upload


class Asked(NamedTuple):
    """The parsed query of a request; `parameters` are all of it, as text."""

    setting: Setting
    view: View
    parameters: Mapping[str, str]


class Looking(NamedTuple):
    """One request: who sends it, and what it looks at; the picture is as decoded."""

    lesson: Lesson[Any]
    asked: Asked
    picture: Picture
    token: str


async def looking(request: Request) -> Looking:
    """The lesson of the path, and what the query says.

    Raises:
        Refused: if there is no such lesson or picture, or the query has a wrong value.
    """
    from viz import images

    lesson = _lesson(request.path_params["slug"])
    asked = _understood(lesson, await requests.query_text(request))
    token = requests.token(request, asked.parameters.get("token", ""))
    picture = images.find(asked.view.picture)
    if picture is None:
        raise Refused(*NO_PICTURE)
    return Looking(lesson, asked, picture, token)


def _lesson(slug: str) -> Lesson[Any]:
    try:
        return lessons.load(slug)
    except KeyError:
        raise Refused(404, "There is no such lesson.") from None


def _understood(lesson: Lesson[Any], text: str) -> Asked:
    """The parsed query; that of a short one is cached, since a whole room sends the same."""
    return (_meaning if len(text) <= MAX_CACHED_LENGTH else _meaning.__wrapped__)(lesson, text)


@lru_cache(maxsize=1024)
def _meaning(lesson: Lesson[Any], text: str) -> Asked:
    from viz.view import View

    query = requests.parameters(text)
    wrong = [*View.invalid_fields(query), *lesson.setting.invalid_fields(query)]
    if wrong:
        raise Refused(400, f"Not an allowed value: {', '.join(wrong[:MAX_NAMED])}.")
    view, setting = lesson.read(query)
    return Asked(setting, view, query)


async def computed(
    request: Request,
    token: str,
    owner: Hashable,
    key: Hashable,
    work: Callable[[], Slices[Buffer]],
) -> Buffer:
    """The result of `work`, from the queue when it is this visitor's turn.

    Args:
        owner: whose newer request takes the place of this one.
        key: equal for equal results.

    Raises:
        Refused: if it cannot be computed, or is not wanted any more.
    """
    from viz.run import QUEUE
    from viz.run.budget import TooLarge
    from viz.run.in_view import Mismatch

    address = requests.address(request)
    try:
        return await answers.waited_for(
            request,
            lambda: QUEUE.ask(owner, key, work, visitor=token, address=address, urgent=True),
        )
    except Mismatch:
        raise Refused(400, NO_DIFFERENCE) from None
    except TooLarge as too_large:
        raise Refused(400, str(too_large)) from None


def cache_of(view: View) -> str:
    """How long an answer may be cached: shortly, or not at all if it is of an upload."""
    pinned = view.pinned_query.get("picture", "")
    keys = (view.picture, pinned, *view.other_keys)
    return UPLOADED if any(DIGEST.fullmatch(key) for key in keys) else SHIPPED
