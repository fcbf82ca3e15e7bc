"""The route of the maps: from a setting to the buffer of a canvas."""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from viz import lessons
from viz.server import answers, requests
from viz.server.requests import NO_PICTURE, Refused

if TYPE_CHECKING:
    from viz.images import Picture
    from viz.lessons.lesson import Lesson
    from viz.run.buffer import Buffer
    from viz.run.stages import Slices
    from viz.settings import Setting
    from viz.view import View

MAX_NAMED = 3  # wrong parameters that an error lists
SHOWN_PX = range(8, 2049)
MAX_PX = 512  # no map is larger, so larger canvases share one buffer
CROWD = 12  # with more requests waiting than this, a drag gets smaller maps
MAX_CACHED_LENGTH = 2048  # of a query whose meaning is cached; a longer one has cells set by hand

MOVING_HEADER = "x-pointwise-dragging"
REDUCED_HEADER = "x-pointwise-reduced"
MEDIA_TYPE = "application/octet-stream"
# The same address gives the same maps, except for milliseconds and updates of the app.
SHIPPED = "public, max-age=60"
UPLOADED = "private, no-cache"  # revalidated by its tag: an upload may have been evicted
DIGEST = re.compile(r"[0-9a-f]{64}")  # the key of an upload


class Asked(NamedTuple):
    """The parsed query of a request."""

    setting: Setting
    view: View
    shown_px: int
    settled: bool
    token: str


async def answer(request: Request) -> Response:
    """The buffer for the setting in the query, see `packing.join`."""
    return await answers.answered(request, _answer)


async def _answer(request: Request) -> Response:
    from viz import images

    lesson = _lesson(request.path_params["slug"])
    asked = _understood(lesson, await requests.query_text(request))
    token = requests.token(request, asked.token)
    picture = images.find(asked.view.picture)
    if picture is None:
        raise Refused(*NO_PICTURE)
    return await Drawing(lesson, asked, picture).answer(request, token)


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
    from viz import devices
    from viz.view import View

    query = requests.parameters(text)
    wrong = [*View.invalid_fields(query), *lesson.setting.invalid_fields(query)]
    if wrong:
        raise Refused(400, f"Not an allowed value: {', '.join(wrong[:MAX_NAMED])}.")
    return Asked(
        setting=lesson.setting.from_query(query),
        view=View.from_query(query),
        shown_px=min(requests.whole(query, "shown_px", SHOWN_PX), MAX_PX),
        settled=query.get("settled") == "1" and devices.available() != ("cpu",),
        token=query.get("token", ""),
    )


@dataclass(frozen=True)
class Drawing:
    """One requested buffer."""

    lesson: Lesson[Any]
    asked: Asked
    picture: Picture

    async def answer(self, request: Request, token: str) -> Response:
        """The buffer, cached or from the queue; a smaller one for a drag while many wait."""
        from viz import run
        from viz.run import drawing

        moving = request.headers.get(MOVING_HEADER) == "1"
        body = drawing.ready(self.key)
        if body is not None:
            return self._sent(request, body, moving)
        if request.method == "HEAD":
            return answers.nothing_computed(MEDIA_TYPE)
        if moving and run.QUEUE.waiting > CROWD:
            small = self.in_small()
            body = drawing.ready(small.key) or await small.drawn(request, token)
            said = {REDUCED_HEADER: "1"}
            return answers.sent(request, body, MEDIA_TYPE, answers.NO_STORE, said)
        return self._sent(request, await self.drawn(request, token), moving)

    def in_small(self) -> Drawing:
        """The same maps, averaged over blocks of twice the side.

        This sends and draws a quarter of the bytes. The layers still see the same pixels, since on
        half a picture they would be other layers, so a crowd's turns come only some 5 % sooner.
        """
        px = max(SHOWN_PX[0], self.asked.shown_px // 2)
        return replace(self, asked=self.asked._replace(shown_px=px))

    @cached_property
    def key(self) -> Hashable:
        """Equal for equal buffers."""
        from viz.run import drawing

        setting, view, shown_px, settled, _ = self.asked
        return drawing.key_of(self.lesson, setting, view, self.picture, shown_px, settled)

    async def drawn(self, request: Request, token: str) -> Buffer:
        """The buffer, computed in the queue when it is this visitor's turn."""
        from viz.run import QUEUE
        from viz.run.budget import TooLarge
        from viz.run.drawing import Mismatch

        slug = self.lesson.slug
        address = requests.address(request)
        try:
            return await answers.waited_for(
                request,
                lambda: QUEUE.ask(
                    (token, slug), self.key, self.draw, visitor=token, address=address
                ),
            )
        except Mismatch:
            raise Refused(
                400, "A and B have maps of different shapes, so they have no difference."
            ) from None
        except TooLarge as too_large:
            raise Refused(400, str(too_large)) from None

    def draw(self) -> Slices[Buffer]:
        """Draws it, in a worker of the queue, slice by slice."""
        from viz.run import drawing

        setting, view, shown_px, settled, _ = self.asked
        return drawing.draw_slices(
            self.lesson, setting, view, self.picture, shown_px, compare_cpu=settled
        )

    @property
    def names_uploads(self) -> bool:
        """Whether the view shows an uploaded picture."""
        view = self.asked.view
        pinned = view.pinned_query.get("picture", "")
        return any(DIGEST.fullmatch(key) for key in (view.picture, pinned, *view.other_keys))

    def _sent(self, request: Request, body: Buffer, moving: bool) -> Response:
        """A drag requests everything once, so caching its answers would be wasted."""
        cache = UPLOADED if self.names_uploads else SHIPPED
        return answers.sent(request, body, MEDIA_TYPE, answers.NO_STORE if moving else cache)
