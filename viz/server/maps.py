"""The route of the maps: from a setting to the buffer of a canvas."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

from viz.server import answers, requests, views
from viz.server.views import Looking

if TYPE_CHECKING:
    from viz.run.buffer import Buffer
    from viz.run.stages import Slices

SHOWN_PX = range(8, 2049)
MAX_PX = 512  # no map is larger, so larger canvases share one buffer
CROWD = 12  # with more requests waiting than this, a drag gets smaller maps

MOVING_HEADER = "x-pointwise-dragging"
REDUCED_HEADER = "x-pointwise-reduced"
MEDIA_TYPE = "application/octet-stream"


async def answer(request: Request) -> Response:
    """The buffer for the setting in the query, see `packing.join`."""
    return await answers.answered(request, _answer)


async def _answer(request: Request) -> Response:
    looking = await views.looking(request)
    return await Drawing(looking, shown_px(looking), settled(looking)).answer(request)


def shown_px(looking: Looking) -> int:
    """The longer side that a map is drawn with."""
    return min(requests.whole(looking.asked.parameters, "shown_px", SHOWN_PX), MAX_PX)


def settled(looking: Looking) -> bool:
    """Whether the CPU is measured too; only at rest, and if it is not the only device."""
    from viz import devices

    return looking.asked.parameters.get("settled") == "1" and devices.available() != ("cpu",)


@dataclass(frozen=True)
class Drawing:
    """One requested buffer."""

    looking: Looking
    shown_px: int
    settled: bool

    async def answer(self, request: Request) -> Response:
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
            body = drawing.ready(small.key) or await small.drawn(request)
            said = {REDUCED_HEADER: "1"}
            return answers.sent(request, body, MEDIA_TYPE, answers.NO_STORE, said)
        return self._sent(request, await self.drawn(request), moving)

    def in_small(self) -> Drawing:
        """The same maps, averaged over blocks of twice the side.

        This sends and draws a quarter of the bytes. The layers still see the same pixels, since on
        half a picture they would be other layers, so a crowd's turns come only some 5 % sooner.
        """
        return replace(self, shown_px=max(SHOWN_PX[0], self.shown_px // 2))

    @cached_property
    def key(self) -> Hashable:
        """Equal for equal buffers."""
        from viz.run import drawing

        lesson, (setting, view, _), picture, _ = self.looking
        return drawing.key_of(lesson, setting, view, picture, self.shown_px, self.settled)

    async def drawn(self, request: Request) -> Buffer:
        """The buffer, computed in the queue when it is this visitor's turn."""
        lesson, _, _, token = self.looking
        return await views.computed(request, token, (token, lesson.slug), self.key, self.draw)

    def draw(self) -> Slices[Buffer]:
        """Draws it, in a worker of the queue, slice by slice."""
        from viz.run import drawing

        lesson, (setting, view, _), picture, _ = self.looking
        return drawing.draw_slices(
            lesson, setting, view, picture, self.shown_px, compare_cpu=self.settled
        )

    def _sent(self, request: Request, body: Buffer, moving: bool) -> Response:
        """A drag requests everything once, so caching its answers would be wasted."""
        cache = answers.NO_STORE if moving else views.cache_of(self.looking.asked.view)
        return answers.sent(request, body, MEDIA_TYPE, cache)
